-- A mark for each relation, made of the row versions (ctid and xmin) that the catalog keeps of it and of its parts;
-- under 0 the mark of all that belongs to no single relation. A change writes, moves or removes a row version, so it
-- changes a mark. What CREATE INDEX, ANALYZE and VACUUM overwrite in place (relpages, reltuples, relhasindex) is not
-- inspected. Rows under 16384 (FirstNormalObjectId) are the server's own, but for the namespace public.
WITH own AS MATERIALIZED (
  SELECT c.oid, c.relkind, CASE WHEN c.relkind = 'c' THEN 0::oid ELSE COALESCE(i.indrelid, c.oid) END AS relation, c.ctid AS at, c.xmin AS by
  FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
  WHERE c.oid >= 16384
)
SELECT v.relation::bigint AS relation, bit_xor(hash_record_extended(ROW(v.at, v.by), v.catalog)) AS mark, count(*) AS versions
FROM (
  SELECT o.relation, o.at, o.by, 1 AS catalog FROM own o WHERE o.relkind <> 't'
  UNION ALL
  SELECT c.oid, o.at, o.by, 2 FROM own o JOIN pg_class c ON c.reltoastrelid = o.oid WHERE o.relkind = 't'
  UNION ALL
  SELECT o.relation, a.ctid, a.xmin, 3 FROM pg_attribute a JOIN own o ON o.oid = a.attrelid
  WHERE a.attrelid >= 16384 AND a.attnum > 0
  UNION ALL
  SELECT d.adrelid, d.ctid, d.xmin, 4 FROM pg_attrdef d
  UNION ALL
  SELECT k.conrelid, k.ctid, k.xmin, 5 FROM pg_constraint k WHERE k.oid >= 16384
  UNION ALL
  SELECT i.indrelid, i.ctid, i.xmin, 6 FROM pg_index i WHERE i.indexrelid >= 16384
  UNION ALL
  SELECT w.ev_class, w.ctid, w.xmin, 7 FROM pg_rewrite w WHERE w.oid >= 16384 AND w.rulename = '_RETURN'
  UNION ALL
  SELECT o.relation, h.ctid, h.xmin, 8 FROM pg_inherits h JOIN own o ON o.oid = h.inhrelid
  UNION ALL
  SELECT p.partrelid, p.ctid, p.xmin, 9 FROM pg_partitioned_table p
  UNION ALL
  SELECT f.ftrelid, f.ctid, f.xmin, 10 FROM pg_foreign_table f
  UNION ALL
  SELECT s.seqrelid, s.ctid, s.xmin, 11 FROM pg_sequence s
  UNION ALL
  SELECT d.objid, d.ctid, d.xmin, 12
  FROM pg_depend d
  WHERE d.classid = 'pg_class'::regclass AND d.objid = ANY (ARRAY (SELECT s.seqrelid FROM pg_sequence s)) AND d.deptype IN ('a', 'i')
  UNION ALL
  SELECT COALESCE(o.relation, k.conrelid, 0), d.ctid, d.xmin, 13
  FROM pg_description d
  LEFT JOIN own o ON d.classoid = 'pg_class'::regclass AND o.oid = d.objoid
  LEFT JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
  WHERE d.objoid >= 16384
  UNION ALL
  SELECT 0, d.ctid, d.xmin, 14 FROM pg_description d WHERE d.objoid = 2200  -- public
  UNION ALL
  SELECT 0, n.ctid, n.xmin, 15 FROM pg_namespace n
  UNION ALL
  SELECT 0, p.ctid, p.xmin, 16 FROM pg_proc p WHERE p.oid >= 16384
  UNION ALL
  SELECT 0, g.ctid, g.xmin, 17 FROM pg_aggregate g WHERE g.aggfnoid >= 16384
  UNION ALL  -- but for the types that relations bring, and the arrays of these
  SELECT 0, t.ctid, t.xmin, 18
  FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem LEFT JOIN own o ON o.oid = COALESCE(NULLIF(t.typrelid, 0), e.typrelid)
  WHERE t.oid >= 16384 AND COALESCE(o.relation, 0) = 0
  UNION ALL
  SELECT 0, e.ctid, e.xmin, 19 FROM pg_enum e
  UNION ALL
  SELECT 0, r.ctid, r.xmin, 20 FROM pg_range r WHERE r.rngtypid >= 16384
  UNION ALL
  SELECT 0, g.ctid, g.xmin, 21 FROM pg_trigger g WHERE NOT g.tgisinternal
  UNION ALL
  SELECT 0, w.ctid, w.xmin, 22 FROM pg_rewrite w WHERE w.oid >= 16384 AND w.rulename <> '_RETURN'
  UNION ALL
  SELECT 0, y.ctid, y.xmin, 23 FROM pg_policy y
  UNION ALL
  SELECT 0, x.ctid, x.xmin, 24 FROM pg_extension x
  UNION ALL
  SELECT 0, d.ctid, d.xmin, 25
  FROM pg_depend d
  WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = ANY (ARRAY (SELECT x.oid FROM pg_extension x))
  UNION ALL
  SELECT 0, d.ctid, d.xmin, 26 FROM pg_default_acl d
  UNION ALL
  SELECT 0, s.ctid, s.xmin, 27 FROM pg_db_role_setting s
  UNION ALL
  SELECT 0, s.ctid, s.xmin, 28 FROM pg_statistic_ext s
  UNION ALL
  SELECT 0, p.ctid, p.xmin, 29 FROM pg_publication p
  UNION ALL
  SELECT 0, p.ctid, p.xmin, 30 FROM pg_publication_rel p
  UNION ALL
  SELECT 0, v.ctid, v.xmin, 31 FROM pg_event_trigger v
  UNION ALL
  SELECT 0, w.ctid, w.xmin, 32 FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 0, s.ctid, s.xmin, 33 FROM pg_foreign_server s
  UNION ALL
  SELECT 0, o.ctid, o.xmin, 35 FROM pg_operator o WHERE o.oid >= 16384
  UNION ALL
  SELECT 0, o.ctid, o.xmin, 36 FROM pg_opclass o WHERE o.oid >= 16384
  UNION ALL
  SELECT 0, f.ctid, f.xmin, 37 FROM pg_opfamily f WHERE f.oid >= 16384
  UNION ALL
  SELECT 0, w.ctid, w.xmin, 38 FROM pg_amop w WHERE w.oid >= 16384
  UNION ALL
  SELECT 0, w.ctid, w.xmin, 39 FROM pg_amproc w WHERE w.oid >= 16384
  UNION ALL
  SELECT 0, c.ctid, c.xmin, 40 FROM pg_cast c WHERE c.oid >= 16384
  UNION ALL
  SELECT 0, c.ctid, c.xmin, 41 FROM pg_collation c WHERE c.oid >= 16384
  UNION ALL
  SELECT 0, c.ctid, c.xmin, 42 FROM pg_ts_config c WHERE c.oid >= 16384
  UNION ALL
  SELECT 0, m.ctid, m.xmin, 43 FROM pg_ts_config_map m WHERE m.mapcfg >= 16384
  UNION ALL
  SELECT 0, d.ctid, d.xmin, 44 FROM pg_ts_dict d WHERE d.oid >= 16384
  UNION ALL
  SELECT 0, l.ctid, l.xmin, 45 FROM pg_language l
  UNION ALL
  SELECT 0, m.ctid, m.xmin, 46 FROM pg_am m
  UNION ALL
  SELECT 0, s.ctid, s.xmin, 47 FROM pg_tablespace s
) v
GROUP BY v.relation
