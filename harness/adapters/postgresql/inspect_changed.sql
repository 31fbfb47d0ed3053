-- The relations that have changed since the last look of this session, as an array in the setting harness.changed.
--
-- The mark of a relation is made of the row versions (ctid and xmin) that the catalog keeps of it and of its parts; under
-- 0 stands the mark of all that belongs to no single relation. A change writes, moves or removes a row version, so it
-- changes a mark. What CREATE INDEX, ANALYZE and VACUUM overwrite in place (relpages, reltuples, relhasindex) is not
-- inspected. Which catalogs are read, and how the mark of a row is made, stands in marks.py.
WITH clock AS MATERIALIZED (SELECT age('3'::xid) AS now),
catalog (relation, mark) AS (
  $marks
  UNION ALL  -- not every user may read their row versions
  SELECT 0, hashtextextended(r.rolname, r.oid::bigint) FROM pg_roles r
  UNION ALL
  SELECT 0, hashtextextended(to_jsonb(m)::text, 42) FROM pg_user_mappings m
),
marks AS MATERIALIZED (SELECT c.relation, bit_xor(c.mark) AS mark FROM catalog c GROUP BY c.relation),
changed AS MATERIALIZED (
  SELECT COALESCE(array_agg(COALESCE(m.relation, b.relation)), '{}') AS relations
  FROM marks m
  FULL JOIN unnest(current_setting('harness.relations', true)::oid[], current_setting('harness.marks', true)::bigint[])
    b (relation, mark) ON b.relation = m.relation
  WHERE m.mark IS DISTINCT FROM b.mark
)
SELECT c.relations AS changed,
       EXISTS (SELECT FROM pg_publication) AS publications,  -- one may stand for all tables
       length(set_config('harness.changed', c.relations::text, false)),
       length(set_config('harness.relations', k.relations::text, false)),
       length(set_config('harness.marks', k.marks::text, false))
FROM changed c, (SELECT array_agg(m.relation) AS relations, array_agg(m.mark) AS marks FROM marks m) k
