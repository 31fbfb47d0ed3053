SELECT JSON_OBJECT('format', 'harness.statistics/1', 'tables', JSON_ARRAYAGG(JSON_OBJECT(
  'table', t.table_name, 'rows', t.table_rows)))
FROM information_schema.tables t WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE';
