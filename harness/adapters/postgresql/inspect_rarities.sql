-- Collations, operators and their classes, casts, text search: rarely made by anybody, and then not to be missed.
WITH members AS (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e'),
     namespaces AS (
       SELECT n.oid, CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END AS prefix
       FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     )
SELECT 'collation' AS kind,
       n.prefix || c.collname AS name,
       (to_jsonb(c) - 'oid' - 'collname' - 'collnamespace' - 'collowner')::text AS definition,
       pg_get_userbyid(c.collowner) AS owner,
       NULL::text[] AS acl,
       NULL::text[] AS default_acl,
       obj_description(c.oid, 'pg_collation') AS comment
FROM pg_collation c JOIN namespaces n ON n.oid = c.collnamespace
WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_collation'::regclass AND m.objid = c.oid)
UNION ALL
SELECT 'operator', o.oid::regoperator::text,
       concat_ws(' ', format_type(o.oprresult, NULL), o.oprcode, NULLIF(o.oprcom, 0)::regoperator,
                 NULLIF(o.oprnegate, 0)::regoperator, NULLIF(o.oprrest::oid, 0)::regproc, NULLIF(o.oprjoin::oid, 0)::regproc,
                 CASE WHEN o.oprcanmerge THEN 'merges' END, CASE WHEN o.oprcanhash THEN 'hashes' END),
       pg_get_userbyid(o.oprowner), NULL, NULL, obj_description(o.oid, 'pg_operator')
FROM pg_operator o JOIN namespaces n ON n.oid = o.oprnamespace
WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_operator'::regclass AND m.objid = o.oid)
UNION ALL
SELECT 'operator class', n.prefix || o.opcname || ' ' || a.amname,
       concat_ws(' ', format_type(o.opcintype, NULL), f.opfname, CASE WHEN o.opcdefault THEN 'default' END,
         (SELECT string_agg(concat_ws(' ', w.amopstrategy, w.amopopr::regoperator), ', ' ORDER BY w.amopstrategy)
          FROM pg_amop w WHERE w.amopfamily = f.oid),
         (SELECT string_agg(concat_ws(' ', w.amprocnum, w.amproc::regprocedure), ', ' ORDER BY w.amprocnum)
          FROM pg_amproc w WHERE w.amprocfamily = f.oid)),
       pg_get_userbyid(o.opcowner), NULL, NULL, obj_description(o.oid, 'pg_opclass')
FROM pg_opclass o
JOIN namespaces n ON n.oid = o.opcnamespace
JOIN pg_am a ON a.oid = o.opcmethod
JOIN pg_opfamily f ON f.oid = o.opcfamily
WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_opclass'::regclass AND m.objid = o.oid)
UNION ALL
SELECT 'cast', format_type(c.castsource, NULL) || ' as ' || format_type(c.casttarget, NULL),
       concat_ws(' ', NULLIF(c.castfunc, 0)::regprocedure, c.castcontext, c.castmethod),
       NULL, NULL, NULL, obj_description(c.oid, 'pg_cast')
FROM pg_cast c
WHERE c.oid >= 16384  -- FirstNormalObjectId: what initdb made lies below
  AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_cast'::regclass AND m.objid = c.oid)
  AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_cast'::regclass AND i.objid = c.oid AND i.deptype = 'i')
UNION ALL
SELECT 'text search configuration', n.prefix || c.cfgname,
       p.prsname || ' ' || COALESCE(
         (SELECT string_agg(concat_ws(' ', m.maptokentype, m.mapseqno, m.mapdict::regdictionary), ', '
                            ORDER BY m.maptokentype, m.mapseqno)
          FROM pg_ts_config_map m WHERE m.mapcfg = c.oid), ''),
       pg_get_userbyid(c.cfgowner), NULL, NULL, obj_description(c.oid, 'pg_ts_config')
FROM pg_ts_config c JOIN namespaces n ON n.oid = c.cfgnamespace JOIN pg_ts_parser p ON p.oid = c.cfgparser
WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_ts_config'::regclass AND m.objid = c.oid)
UNION ALL
SELECT 'text search dictionary', n.prefix || d.dictname, concat_ws(' ', t.tmplname, d.dictinitoption),
       pg_get_userbyid(d.dictowner), NULL, NULL, obj_description(d.oid, 'pg_ts_dict')
FROM pg_ts_dict d JOIN namespaces n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate
WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_ts_dict'::regclass AND m.objid = d.oid)
