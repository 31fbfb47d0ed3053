-- Relations of the users with their storage, and the locks that this session holds on them.
WITH held AS MATERIALIZED (
  SELECT l.relation, array_agg(DISTINCT l.mode) AS modes
  FROM pg_catalog.pg_locks l
  WHERE l.locktype = 'relation' AND l.granted AND l.pid = pg_catalog.pg_backend_pid() AND l.relation >= 16384
  GROUP BY l.relation
)
SELECT c.oid,
       n.nspname AS namespace,
       c.relname AS name,
       c.relkind IN ('r', 'm') AS stores,
       c.relfilenode AS storage,
       COALESCE(h.modes, '{}') AS modes
FROM pg_catalog.pg_class c
JOIN held h ON h.relation = c.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f')
  AND n.nspname <> 'information_schema'
  AND n.nspname !~ '^pg_'
