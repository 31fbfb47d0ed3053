SELECT json_build_object('format', 'harness.statistics/1', 'tables', json_agg(json_build_object(
  'table', CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END,
  'rows', greatest(c.reltuples, 0)::bigint,
  'columns', (SELECT json_agg(json_build_object(
     'column', s.attname, 'null', s.null_frac, 'distinct', s.n_distinct, 'correlation', s.correlation,
     'common', s.most_common_vals::text::text[], 'shares', s.most_common_freqs,
     'bounds', CASE WHEN t.typcategory IN ('N', 'D') THEN s.histogram_bounds::text::text[] END))
   FROM pg_stats s
   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
   JOIN pg_type t ON t.oid = a.atttypid
   WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.inherited = (c.relkind = 'p')
     AND t.typcategory IN ('N', 'D', 'S', 'B', 'E')))))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';
