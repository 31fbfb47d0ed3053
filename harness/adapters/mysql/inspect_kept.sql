-- The columns of a table whose values are kept in its rows, computed ones too; a row's history is not of the row.
SELECT c.column_name AS name,
       c.data_type AS type
FROM information_schema.columns c
WHERE c.table_schema = DATABASE()
  AND c.table_name = %s
  AND c.extra NOT LIKE '%%VIRTUAL%%'
  AND COALESCE(c.generation_expression, '') NOT IN ('ROW START', 'ROW END')
  AND c.extra NOT LIKE '%%INVISIBLE%%SYSTEM%%'
ORDER BY c.ordinal_position
