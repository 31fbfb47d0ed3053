-- The moment of a look: the next transaction to come, if none that began before is still at work.
SELECT CASE WHEN pg_snapshot_xmin(s.now) = pg_snapshot_xmax(s.now) THEN pg_snapshot_xmax(s.now)::text::bigint END AS next
FROM (SELECT pg_current_snapshot() AS now) s
