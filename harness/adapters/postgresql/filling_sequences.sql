-- For each sequence that numbers a column of the tables: the statement that brings it to the last number used.
WITH used AS (
  SELECT d.objid AS sequence, d.refobjid AS entity, d.refobjsubid AS number
  FROM pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    AND d.refobjsubid > 0
  UNION
  SELECT d.refobjid, f.adrelid, f.adnum
  FROM pg_depend d
  JOIN pg_attrdef f ON f.oid = d.objid
  WHERE d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'n'
)
SELECT format(
         'SELECT pg_catalog.setval(%L, v::bigint, true) FROM (SELECT %s(%I) AS v FROM %s) m, %s s '
         'WHERE v BETWEEN %s AND %s AND (NOT s.is_called OR v %s s.last_value)',
         s.seqrelid::regclass, CASE WHEN s.seqincrement > 0 THEN 'max' ELSE 'min' END, a.attname, u.entity::regclass,
         s.seqrelid::regclass, s.seqmin, s.seqmax, CASE WHEN s.seqincrement > 0 THEN '>' ELSE '<' END) AS advance
FROM used u
JOIN pg_sequence s ON s.seqrelid = u.sequence
JOIN pg_attribute a ON a.attrelid = u.entity AND a.attnum = u.number
WHERE u.entity = ANY (current_setting('harness.tables')::regclass[]::oid[])
  AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
ORDER BY 1
