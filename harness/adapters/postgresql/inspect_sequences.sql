-- Sequences, with the column that each belongs to.
WITH namespaces AS (
  SELECT n.oid, CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END AS prefix
  FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
)
SELECT s.seqrelid AS oid,
       'sequence' AS kind,
       n.prefix || c.relname AS name,
       concat_ws(' ',
         'AS', format_type(s.seqtypid, NULL), 'START', s.seqstart, 'INCREMENT', s.seqincrement, 'MINVALUE', s.seqmin,
         'MAXVALUE', s.seqmax, 'CACHE', s.seqcache, CASE WHEN s.seqcycle THEN 'CYCLE' END,
         CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED' END,
         (SELECT CASE d.deptype WHEN 'i' THEN 'IDENTITY OF ' ELSE 'OWNED BY ' END
                   || d.refobjid::regclass::text || '.' || quote_ident(a.attname)
          FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
            AND d.refclassid = 'pg_class'::regclass)) AS definition,
       pg_get_userbyid(c.relowner) AS owner,
       c.relacl::text[] AS acl,
       CASE WHEN c.relacl IS NOT NULL THEN acldefault('s', c.relowner)::text[] END AS default_acl,
       (SELECT d.description FROM pg_description d WHERE d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0) AS comment
FROM pg_class c
JOIN namespaces n ON n.oid = c.relnamespace
JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE NOT EXISTS (
    SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e'
  )
  AND $chosen(s.seqrelid)
