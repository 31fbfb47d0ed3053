-- Tables, views and their kin.
SELECT c.oid,
       n.nspname AS namespace,
       c.relname AS name,
       c.relkind::text AS kind,
       c.relispartition AS is_partition,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS partition_key,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid, true) END AS partition_bound,
       ARRAY (
         SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = c.oid ORDER BY h.inhseqno
       ) AS parents,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END AS definition,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' END AS persistence,
       c.relispopulated AS populated,
       array_to_string(ARRAY (SELECT o FROM unnest(c.reloptions) o ORDER BY o), ', ') AS storage_parameters,
       (SELECT array_to_string(ARRAY (SELECT o FROM unnest(t.reloptions) o ORDER BY o), ', ')
        FROM pg_class t WHERE t.oid = c.reltoastrelid) AS toast_parameters,
       (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = c.reltablespace) AS tablespace,
       (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap') AS access_method,
       NULLIF(c.reloftype, 0)::regtype::text AS of_type,
       c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS row_security_forced,
       CASE WHEN c.relkind IN ('r', 'p', 'm')
            THEN CASE c.relreplident WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END
       END AS replica_identity,
       (SELECT s.srvname || ' ' || array_to_string(f.ftoptions, ', ')
        FROM pg_foreign_table f JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) AS server,
       pg_get_userbyid(c.relowner) AS owner,
       c.relacl::text[] AS acl,
       CASE WHEN c.relacl IS NOT NULL THEN acldefault('r', c.relowner)::text[] END AS default_acl,
       (SELECT d.description FROM pg_description d WHERE d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0) AS comment
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE $among(c.oid)
ORDER BY n.nspname, c.relname
