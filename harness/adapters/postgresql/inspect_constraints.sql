-- Constraints of tables and domains.
SELECT k.conrelid AS entity,
       k.contypid AS domain,
       k.conname AS name,
       k.contype::text AS kind,
       ARRAY (
         SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place
       ) AS fields,
       fn.nspname AS target_namespace,
       f.relname AS target,
       ARRAY (
         SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
         JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place
       ) AS target_fields,
       k.confupdtype::text AS on_update,
       k.confdeltype::text AS on_delete,
       CASE k.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' END AS match,
       ARRAY (
         SELECT a.attname FROM unnest($since(15, k.confdelsetcols, NULL::int2[])) u (number)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY a.attnum
       ) AS set_fields,
       k.convalidated AS validated,
       CASE WHEN k.condeferred THEN 'initially deferred' WHEN k.condeferrable THEN 'initially immediate' END AS deferrable,
       CASE WHEN k.connoinherit AND k.contype IN ('c', 'n') THEN 'yes' END AS no_inherit,
       CASE WHEN NOT $since(18, k.conenforced, true) THEN 'yes' END AS not_enforced,
       CASE WHEN $since(18, k.conperiod, false) THEN 'yes' END AS period,
       CASE WHEN $since(15, i.indnullsnotdistinct, false) THEN 'yes' END AS nulls_not_distinct,
       CASE WHEN k.coninhcount > 0 AND NOT COALESCE(c.relispartition, false)
            THEN CASE WHEN k.conislocal THEN 'and defined here' ELSE 'only' END END AS inherited,
       pg_get_expr(k.conbin, k.conrelid, true) AS expression,
       CASE WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid, true) END AS definition,
       (SELECT d.description FROM pg_description d WHERE d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass AND d.objsubid = 0) AS comment
FROM pg_constraint k
JOIN pg_namespace n ON n.oid = k.connamespace
LEFT JOIN pg_class c ON c.oid = k.conrelid
LEFT JOIN pg_class f ON f.oid = k.confrelid
LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
LEFT JOIN pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
WHERE n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND k.contype IN ('p', 'u', 'f', 'c', 'n', 'x')
  AND NOT (k.contype = 'f' AND k.conparentid <> 0)
  AND $among(k.conrelid)
ORDER BY k.conrelid, k.conname
