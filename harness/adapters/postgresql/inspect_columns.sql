-- Columns of tables, views and their kin, in their order.
SELECT a.attrelid AS entity,
       a.attname AS name,
       format_type(a.atttypid, a.atttypmod) AS type,
       a.atttypid AS type_oid,
       a.atttypmod AS modifier,
       NOT a.attnotnull AS nullable,
       CASE WHEN a.atthasdef THEN (
         SELECT pg_get_expr(d.adbin, d.adrelid, true) FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum
       ) END AS expression,
       a.attgenerated::text AS generated,
       a.attidentity::text AS identity,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS collation,
       CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END AS storage,
       NULLIF(a.attcompression::text, '') AS compression,
       NULLIF(a.attstattarget, -1)::text AS statistics,
       array_to_string(a.attoptions, ', ') AS parameters,
       array_to_string(a.attfdwoptions, ', ') AS server_options,
       CASE WHEN a.attinhcount > 0 AND NOT (SELECT c.relispartition FROM pg_class c WHERE c.oid = a.attrelid)
            THEN CASE WHEN a.attislocal THEN 'and defined here' ELSE 'only' END END AS inherited,
       a.attacl::text[] AS acl,
       (SELECT d.description FROM pg_description d
        WHERE d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum) AS comment
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attnum > 0
  AND NOT a.attisdropped
  AND $among(a.attrelid)
ORDER BY a.attrelid, a.attnum
