-- Metadata locks on tables that a connection holds now. Nothing where they are not instrumented (MariaDB's default).
SELECT l.object_name AS relation, l.lock_type AS mode
FROM performance_schema.metadata_locks l
JOIN performance_schema.threads t ON t.thread_id = l.owner_thread_id
WHERE t.processlist_id = %s
  AND l.object_schema = %s
  AND l.object_type = 'TABLE'
  AND l.lock_status = 'GRANTED'
  AND l.object_name NOT LIKE '#sql%%' -- the copy that is being made
  AND l.object_name NOT LIKE 'fts\\_0%%' -- the parts of a full-text index
