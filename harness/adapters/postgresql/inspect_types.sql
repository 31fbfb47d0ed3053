-- Every type that a column can have, the server's own included, as far as the shape of its values needs it.
SELECT t.oid,
       t.typname AS name,
       t.typtype::text AS kind,
       t.typbasetype AS base,
       t.typtypmod AS modifier,
       t.typnotnull AS not_null,
       CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END AS element,
       CASE WHEN t.typtype = 'e'
            THEN ARRAY (SELECT e.enumlabel FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)
       END AS labels
FROM pg_type t
WHERE t.typtype IN ('b', 'd', 'e', 'r', 'm')
