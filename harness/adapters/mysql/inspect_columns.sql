-- Columns in their order, with what SHOW CREATE TABLE does not tell: collations, and the columns of views.
SELECT c.table_name AS entity,
       c.column_name AS name,
       c.column_type AS type,
       c.is_nullable = 'YES' AS nullable,
       CASE WHEN c.collation_name <> t.table_collation THEN c.collation_name END AS collation,
       s.maxlen AS characters
FROM information_schema.columns c
JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
LEFT JOIN information_schema.character_sets s ON s.character_set_name = c.character_set_name
WHERE c.table_schema = DATABASE()
ORDER BY c.table_name, c.ordinal_position
