-- The relations whose printed definitions speak of some other relations: by name (foreign keys, views, sequences of a
-- column, defaults, partitions), or by the type of its rows.
SELECT DISTINCT COALESCE(i.indrelid, d.relation)::bigint AS relation
FROM (
  SELECT CASE d.classid
           WHEN 'pg_class'::regclass THEN d.objid
           WHEN 'pg_constraint'::regclass THEN (SELECT k.conrelid FROM pg_constraint k WHERE k.oid = d.objid)
           WHEN 'pg_rewrite'::regclass THEN (SELECT w.ev_class FROM pg_rewrite w WHERE w.oid = d.objid)
           WHEN 'pg_attrdef'::regclass THEN (SELECT f.adrelid FROM pg_attrdef f WHERE f.oid = d.objid)
         END AS relation
  FROM (
    SELECT d.classid, d.objid
    FROM pg_depend d
    WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = ANY ($1)
    UNION ALL
    SELECT d.classid, d.objid
    FROM pg_class c
    JOIN pg_type t ON t.oid = c.reltype
    JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
    WHERE c.oid = ANY ($1)
  ) d
) d
LEFT JOIN pg_index i ON i.indexrelid = d.relation
WHERE d.relation <> 0
