-- Indexes with their keys.
SELECT i.indrelid AS entity,
       x.relname AS name,
       i.indisunique AS is_unique,
       pg_get_expr(i.indpred, i.indrelid, true) AS predicate,
       (SELECT m.amname FROM pg_am m WHERE m.oid = x.relam) AS method,
       (SELECT jsonb_agg(jsonb_build_object(
                 'text', COALESCE(a.attname, pg_get_indexdef(i.indexrelid, u.place::int, true)),
                 'expression', u.number = 0,
                 'included', u.place > i.indnkeyatts,
                 'descending', i.indoption[u.place::int - 1] & 1 = 1,
                 'nulls_first', i.indoption[u.place::int - 1] & 2 = 2,
                 'opclass', o.opcname,
                 'collation', CASE WHEN i.indcollation[u.place::int - 1] <> 0
                                    AND i.indcollation[u.place::int - 1] <> COALESCE(a.attcollation, 100)
                                   THEN i.indcollation[u.place::int - 1]::regcollation::text END,
                 'statistics', NULLIF(xa.attstattarget, -1)
               ) ORDER BY u.place)
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY u (number, place)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number <> 0
        LEFT JOIN pg_attribute xa ON xa.attrelid = i.indexrelid AND xa.attnum = u.place
        LEFT JOIN pg_opclass o ON o.oid = i.indclass[u.place::int - 1] AND NOT o.opcdefault
       ) AS keys,
       (SELECT k.conname FROM pg_constraint k
        WHERE k.conrelid = i.indrelid AND k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AS constraint_name,
       i.indisvalid AND i.indisready AS valid,
       CASE WHEN $since(15, i.indnullsnotdistinct, false) THEN 'yes' END AS nulls_not_distinct,
       CASE WHEN i.indisclustered THEN 'yes' END AS clustered,
       CASE WHEN i.indisreplident THEN 'yes' END AS replica_identity,
       (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AS parent,
       array_to_string(ARRAY (SELECT o FROM unnest(x.reloptions) o ORDER BY o), ', ') AS storage_parameters,
       (SELECT s.spcname FROM pg_tablespace s WHERE s.oid = x.reltablespace) AS tablespace,
       (SELECT d.description FROM pg_description d WHERE d.objoid = i.indexrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0) AS comment,
       pg_get_indexdef(i.indexrelid, 0, true) AS definition
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
WHERE $among(i.indrelid)
ORDER BY i.indrelid, x.relname
