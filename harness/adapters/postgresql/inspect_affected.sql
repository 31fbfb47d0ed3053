-- What must be read again when the relations in harness.changed have changed, as an array in harness.affected (and
-- harness.tables): they, the tables of those that are indexes, and the relations whose printed definitions speak of them: by name (foreign keys,
-- views, sequences of a column, defaults, partitions), or by the type of their rows. A composite type shows anywhere.
WITH changed AS MATERIALIZED (
  SELECT c.relation FROM unnest(current_setting('harness.changed')::oid[]) c (relation)
),
dependent AS MATERIALIZED (
  SELECT d.classid, d.objid
  FROM changed c JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = c.relation
  UNION ALL
  SELECT d.classid, d.objid
  FROM changed c
  JOIN pg_class r ON r.oid = c.relation AND r.reltype <> 0
  JOIN pg_type t ON t.oid = r.reltype
  JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = ANY (ARRAY[t.oid, t.typarray])
),
named AS MATERIALIZED (
  SELECT c.relation FROM changed c
  UNION
  SELECT CASE d.classid
           WHEN 'pg_class'::regclass THEN d.objid
           WHEN 'pg_constraint'::regclass THEN (SELECT k.conrelid FROM pg_constraint k WHERE k.oid = d.objid)
           WHEN 'pg_rewrite'::regclass THEN (SELECT w.ev_class FROM pg_rewrite w WHERE w.oid = d.objid)
           WHEN 'pg_attrdef'::regclass THEN (SELECT f.adrelid FROM pg_attrdef f WHERE f.oid = d.objid)
         END
  FROM dependent d
),
affected AS MATERIALIZED (
  SELECT COALESCE(array_agg(DISTINCT COALESCE(i.indrelid, n.relation)), '{}') AS relations
  FROM named n LEFT JOIN pg_index i ON i.indexrelid = n.relation
  WHERE n.relation <> 0
)
SELECT a.relations AS affected,
       length(set_config('harness.affected', a.relations::text, false)),
       length(set_config('harness.tables', ARRAY ($tables AND c.oid = ANY (a.relations))::text, false)),
       EXISTS (SELECT FROM changed c WHERE (SELECT r.relkind FROM pg_class r WHERE r.oid = c.relation) = 'c') AS composite
FROM affected a
