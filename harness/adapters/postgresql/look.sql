-- Which of our sessions wait for a lock, and which locks on tables the other sessions of this database hold or wait for.
SELECT l.pid AS session,
       l.pid = ANY (%s::int[]) AS ours,
       COALESCE(n.nspname, '') AS namespace,
       COALESCE(c.relname, '') AS name,
       l.mode,
       l.granted,
       CASE WHEN l.granted THEN ARRAY[]::int[] ELSE pg_catalog.pg_blocking_pids(l.pid) END AS behind
FROM pg_catalog.pg_locks l
LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE l.pid <> pg_catalog.pg_backend_pid()
  AND CASE
        WHEN l.pid = ANY (%s::int[]) THEN NOT l.granted
        ELSE l.locktype = 'relation'
          AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
          AND c.relkind IN ('r', 'p', 'm')
          AND n.nspname !~ '^pg_'
          AND l.pid IN (SELECT a.pid FROM pg_catalog.pg_stat_activity a WHERE a.backend_type = 'client backend')
      END
