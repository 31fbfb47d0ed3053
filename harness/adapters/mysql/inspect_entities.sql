-- Tables, views and sequences of the database.
SELECT t.table_name AS name, t.table_type AS kind
FROM information_schema.tables t
WHERE t.table_schema = DATABASE() AND t.table_name <> 'harness_memo' -- see lasting.py
ORDER BY t.table_name
