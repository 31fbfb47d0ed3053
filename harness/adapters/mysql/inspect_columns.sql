-- Columns in their order, with what SHOW CREATE TABLE does not tell: collations, and the columns of views. The table's
-- own collation is compared elsewhere: a join with information_schema.tables opens each table once for each other.
SELECT c.table_name AS entity,
       c.column_name AS name,
       c.column_type AS type,
       c.is_nullable = 'YES' AS nullable,
       c.collation_name AS collation,
       s.maxlen AS characters
FROM information_schema.columns c
LEFT JOIN information_schema.character_sets s ON s.character_set_name = c.character_set_name
WHERE c.table_schema = DATABASE()
ORDER BY c.table_name, c.ordinal_position
