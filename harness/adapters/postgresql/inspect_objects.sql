-- What belongs to no other part: policies, extensions, namespaces, statistics, publications, …
WITH members AS (SELECT e.classid, e.objid FROM pg_depend e WHERE e.deptype = 'e'),
     namespaces AS (
       SELECT n.oid, CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END AS prefix
       FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     )
SELECT 'policy' AS kind,
       p.polrelid::regclass::text || '.' || p.polname AS name,
       concat_ws(' ',
         CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
         'FOR', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                              ELSE 'ALL' END,
         'TO', (SELECT string_agg(CASE u.role WHEN 0 THEN 'public' ELSE pg_get_userbyid(u.role)::text END, ', '
                                  ORDER BY u.role) FROM unnest(p.polroles) u (role)),
         'USING (' || pg_get_expr(p.polqual, p.polrelid, true) || ')',
         'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid, true) || ')') AS definition,
       NULL::name AS owner,
       NULL::text[] AS acl,
       NULL::text[] AS default_acl,
       obj_description(p.oid, 'pg_policy') AS comment
FROM pg_policy p
UNION ALL
SELECT 'extension', x.extname, 'version ' || x.extversion || ' in ' || n.nspname, pg_get_userbyid(x.extowner), NULL, NULL, NULL
FROM pg_extension x JOIN pg_namespace n ON n.oid = x.extnamespace
WHERE x.extname <> 'plpgsql'
UNION ALL
SELECT 'namespace', n.nspname, '', pg_get_userbyid(n.nspowner), n.nspacl::text[], acldefault('n', n.nspowner)::text[],
       obj_description(n.oid, 'pg_namespace')
FROM pg_namespace n
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
  AND NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_namespace'::regclass AND m.objid = n.oid)
UNION ALL  -- public only where it is not as the server made it
SELECT 'namespace', 'public', CASE WHEN n.oid IS NULL THEN 'dropped' ELSE '' END, NULL, n.nspacl::text[], NULL,
       NULLIF(obj_description(n.oid, 'pg_namespace'), 'standard public schema')
FROM (SELECT 'public'::name AS nspname) w
LEFT JOIN pg_namespace n ON n.nspname = w.nspname
LEFT JOIN pg_init_privs i ON i.objoid = n.oid AND i.classoid = 'pg_namespace'::regclass
WHERE n.oid IS NULL
   OR n.nspacl::text[] IS DISTINCT FROM i.initprivs::text[]
   OR obj_description(n.oid, 'pg_namespace') IS DISTINCT FROM 'standard public schema'
UNION ALL
SELECT 'default privileges',
       concat_ws(' ', pg_get_userbyid(d.defaclrole), NULLIF(d.defaclnamespace, 0)::regnamespace::text, d.defaclobjtype),
       '', NULL, d.defaclacl::text[], NULL, NULL
FROM pg_default_acl d
UNION ALL
SELECT 'setting', COALESCE(NULLIF(s.setrole, 0)::regrole::text, 'of the database'), array_to_string(s.setconfig, ', '),
       NULL, NULL, NULL, NULL
FROM pg_db_role_setting s
JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database()
UNION ALL
SELECT 'statistics', n.prefix || s.stxname,
       pg_get_statisticsobjdef(s.oid) || COALESCE(' target ' || NULLIF(s.stxstattarget, -1), ''),
       pg_get_userbyid(s.stxowner), NULL, NULL, obj_description(s.oid, 'pg_statistic_ext')
FROM pg_statistic_ext s JOIN namespaces n ON n.oid = s.stxnamespace
UNION ALL
SELECT 'publication', p.pubname,
       concat_ws(' ', (to_jsonb(p) - 'oid' - 'pubname' - 'pubowner')::text,
         (SELECT string_agg(concat_ws(' ', v.schemaname || '.' || v.tablename, to_jsonb(v) ->> 'attnames',
                                      to_jsonb(v) ->> 'rowfilter'), ', ' ORDER BY v.schemaname, v.tablename)
          FROM pg_publication_tables v WHERE v.pubname = p.pubname AND NOT p.puballtables)),
       pg_get_userbyid(p.pubowner), NULL, NULL, obj_description(p.oid, 'pg_publication')
FROM pg_publication p
UNION ALL
SELECT 'foreign data wrapper', w.fdwname,
       concat_ws(' ', NULLIF(w.fdwhandler, 0)::regproc, NULLIF(w.fdwvalidator, 0)::regproc, array_to_string(w.fdwoptions, ', ')),
       pg_get_userbyid(w.fdwowner), w.fdwacl::text[], acldefault('F', w.fdwowner)::text[],
       obj_description(w.oid, 'pg_foreign_data_wrapper')
FROM pg_foreign_data_wrapper w
WHERE NOT EXISTS (SELECT FROM members m WHERE m.classid = 'pg_foreign_data_wrapper'::regclass AND m.objid = w.oid)
UNION ALL
SELECT 'server', s.srvname, concat_ws(' ', w.fdwname, s.srvtype, s.srvversion, array_to_string(s.srvoptions, ', ')),
       pg_get_userbyid(s.srvowner), s.srvacl::text[], acldefault('S', s.srvowner)::text[],
       obj_description(s.oid, 'pg_foreign_server')
FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
UNION ALL
SELECT 'user mapping', u.srvname || ' ' || u.usename, array_to_string(u.umoptions, ', '), NULL, NULL, NULL, NULL
FROM pg_user_mappings u
