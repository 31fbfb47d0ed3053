-- The relations whose marks in one catalog, or in the rest of them (inspect_marks.sql), have changed since the last look
-- of this session; harness.changed gathers them. The session keeps the marks in settings of its own.
WITH clock AS MATERIALIZED (SELECT age('3'::xid) AS now),
catalog (relation, mark) AS (
$marks
),
marks AS MATERIALIZED (SELECT c.relation, bit_xor(c.mark) AS mark FROM catalog c GROUP BY c.relation),
changed AS MATERIALIZED (
  SELECT COALESCE(array_agg(COALESCE(m.relation, b.relation)), '{}') AS relations
  FROM marks m
  FULL JOIN unnest(current_setting('harness.relations_$catalog')::oid[], current_setting('harness.marks_$catalog')::bigint[])
    b (relation, mark) ON b.relation = m.relation
  WHERE m.mark IS DISTINCT FROM b.mark
)
SELECT c.relations AS changed,
       length(set_config('harness.changed', (current_setting('harness.changed')::oid[] || c.relations)::text, true)),
       length(set_config('harness.relations_$catalog', k.relations::text, false)),
       length(set_config('harness.marks_$catalog', k.marks::text, false))
FROM changed c,
     (SELECT COALESCE(array_agg(m.relation), '{}') AS relations, COALESCE(array_agg(m.mark), '{}') AS marks FROM marks m) k
