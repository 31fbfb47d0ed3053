-- Functions, procedures, aggregates, and what calls them: triggers, rules, event triggers.
WITH members AS (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e')
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END AS kind,
       CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END
         || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' AS name,
       CASE WHEN p.prokind = 'a'
            THEN concat_ws(' ', 'AGGREGATE', g.aggkind, g.aggtransfn, format_type(g.aggtranstype, NULL), g.agginitval,
                           NULLIF(g.aggfinalfn::oid, 0)::regproc, NULLIF(g.aggcombinefn::oid, 0)::regproc,
                           NULLIF(g.aggmtransfn::oid, 0)::regproc, NULLIF(g.aggsortop, 0)::regoperator, p.proparallel)
            ELSE pg_get_functiondef(p.oid)
       END AS definition,
       pg_get_userbyid(p.proowner) AS owner,
       p.proacl::text[] AS acl,
       acldefault('f', p.proowner)::text[] AS default_acl,
       obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_aggregate g ON g.aggfnoid = p.oid
WHERE n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_proc'::regclass AND m.objid = p.oid)
  AND NOT EXISTS (  -- a range type brings its constructors
    SELECT FROM pg_depend i
    WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i' AND i.refclassid = 'pg_type'::regclass
  )
UNION ALL
SELECT 'trigger',
       t.tgrelid::regclass::text || '.' || t.tgname,
       pg_get_triggerdef(t.oid, true)
         || CASE t.tgenabled WHEN 'D' THEN ' (disabled)' WHEN 'A' THEN ' (always)' WHEN 'R' THEN ' (replica)' ELSE '' END,
       NULL, NULL, NULL,
       obj_description(t.oid, 'pg_trigger')
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT 'rule',
       r.ev_class::regclass::text || '.' || r.rulename,
       pg_get_ruledef(r.oid, true)
         || CASE r.ev_enabled WHEN 'D' THEN ' (disabled)' WHEN 'A' THEN ' (always)' WHEN 'R' THEN ' (replica)' ELSE '' END,
       NULL, NULL, NULL,
       obj_description(r.oid, 'pg_rewrite')
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE r.rulename <> '_RETURN' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_rewrite'::regclass AND m.objid = r.oid)
UNION ALL
SELECT 'event trigger',
       v.evtname,
       concat_ws(' ', v.evtevent, array_to_string(v.evttags, ', '), v.evtfoid::regproc, v.evtenabled),
       pg_get_userbyid(v.evtowner), NULL, NULL,
       obj_description(v.oid, 'pg_event_trigger')
FROM pg_event_trigger v
WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_event_trigger'::regclass AND m.objid = v.oid)
