-- The columns of a view, which the server does not print with it.
SELECT c.column_name AS name, c.column_type AS type, c.is_nullable AS nullable
FROM information_schema.columns c
WHERE c.table_schema = DATABASE() AND c.table_name = %s
ORDER BY c.ordinal_position
