-- The type in which each column of a table is received: the base of a domain, ``enum`` for every enum.
WITH RECURSIVE base AS (
  SELECT a.attname AS name, a.atttypid AS type
  FROM pg_catalog.pg_attribute a
  WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT b.name, t.typbasetype
  FROM base b
  JOIN pg_catalog.pg_type t ON t.oid = b.type
  WHERE t.typtype = 'd'
)
SELECT b.name, CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname END AS type
FROM base b
JOIN pg_catalog.pg_type t ON t.oid = b.type
WHERE t.typtype <> 'd'
