SELECT JSON_OBJECT('format', 'harness.statistics/1', 'tables', JSON_ARRAYAGG(JSON_OBJECT(
  'table', t.table_name, 'rows', t.table_rows,
  'columns', (SELECT JSON_ARRAYAGG(JSON_OBJECT('column', s.column_name, 'histogram', s.histogram))
              FROM information_schema.column_statistics s
              WHERE s.schema_name = t.table_schema AND s.table_name = t.table_name))))
FROM information_schema.tables t WHERE t.table_schema = DATABASE() AND t.table_type = 'BASE TABLE';
