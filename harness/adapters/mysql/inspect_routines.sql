-- Stored routines; packages are MariaDB's.
SELECT r.routine_type AS kind, r.routine_name AS name, r.definer AS definer, r.sql_mode AS sql_mode
FROM information_schema.routines r
WHERE r.routine_schema = DATABASE()
