-- The columns of a table that take values: neither generated nor of a row's history.
SELECT c.column_name AS name
FROM information_schema.columns c
WHERE c.table_schema = DATABASE()
  AND c.table_name = %s
  AND COALESCE(c.generation_expression, '') = ''
  AND c.extra NOT LIKE '%%GENERATED%%ROW%%'
  AND c.extra NOT LIKE '%%INVISIBLE%%SYSTEM%%'
ORDER BY c.ordinal_position
