-- Constraints of tables, and of domains where none are chosen.
SELECT k.conrelid AS entity,
       k.contypid AS domain,
       k.conname AS name,
       k.contype::text AS kind,
       ARRAY (
         SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u (number, place)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY u.place
       ) AS fields,
       CASE WHEN k.contype = 'f' THEN (
         SELECT n.nspname FROM pg_class f JOIN pg_namespace n ON n.oid = f.relnamespace WHERE f.oid = k.confrelid
       ) END AS target_namespace,
       CASE WHEN k.contype = 'f' THEN (SELECT f.relname FROM pg_class f WHERE f.oid = k.confrelid) END AS target,
       CASE WHEN k.contype = 'f' THEN ARRAY (
         SELECT a.attname FROM unnest(k.confkey) WITH ORDINALITY u (number, place)
         JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.number ORDER BY u.place
       ) END AS target_fields,
       k.confupdtype::text AS on_update,
       k.confdeltype::text AS on_delete,
       CASE k.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' END AS match,
       CASE WHEN k.contype = 'f' THEN ARRAY (
         SELECT a.attname FROM unnest($since(15, k.confdelsetcols, NULL::int2[])) u (number)
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.number ORDER BY a.attnum
       ) END AS set_fields,
       k.convalidated AS validated,
       CASE WHEN k.condeferred THEN 'initially deferred' WHEN k.condeferrable THEN 'initially immediate' END AS deferrable,
       CASE WHEN k.connoinherit AND k.contype IN ('c', 'n') THEN 'yes' END AS no_inherit,
       CASE WHEN NOT $since(18, k.conenforced, true) THEN 'yes' END AS not_enforced,
       CASE WHEN $since(18, k.conperiod, false) THEN 'yes' END AS period,
       CASE WHEN k.contype IN ('p', 'u', 'x')
            AND (SELECT $since(15, i.indnullsnotdistinct, false) FROM pg_index i WHERE i.indexrelid = k.conindid)
            THEN 'yes' END AS nulls_not_distinct,
       CASE WHEN k.coninhcount > 0
             AND NOT COALESCE((SELECT c.relispartition FROM pg_class c WHERE c.oid = k.conrelid), false)
            THEN CASE WHEN k.conislocal THEN 'and defined here' ELSE 'only' END END AS inherited,
       pg_get_expr(k.conbin, k.conrelid, true) AS expression,
       CASE WHEN k.contype = 'x' THEN pg_get_constraintdef(k.oid, true) END AS definition,
       (SELECT d.description FROM pg_description d
        WHERE d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass AND d.objsubid = 0) AS comment
FROM pg_constraint k
WHERE k.contype IN ('p', 'u', 'f', 'c', 'n', 'x')
  AND NOT (k.contype = 'f' AND k.conparentid <> 0)
  AND $among(k.conrelid)
ORDER BY k.conrelid, k.conname
