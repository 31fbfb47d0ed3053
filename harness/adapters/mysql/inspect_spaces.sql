-- Tables of InnoDB with no index but ordinary ones, and with names that are the same as their files'.
SELECT t.table_name AS name
FROM information_schema.tables t
WHERE t.table_schema = DATABASE()
  AND t.table_type = 'BASE TABLE'
  AND t.engine = 'InnoDB'
  AND t.table_name REGEXP '^[0-9A-Za-z_]+$'
  AND t.table_name NOT IN (
    SELECT s.table_name FROM information_schema.statistics s
    WHERE s.table_schema = DATABASE() AND s.index_type <> 'BTREE')
