-- The relations that have changed since the last look of this session, as an array in the setting harness.changed.
--
-- The mark of a relation is made of the row versions (ctid and xmin) that the catalog keeps of it and of its parts; under
-- 0 stands the mark of all that belongs to no single relation. A change writes, moves or removes a row version, so it
-- changes a mark. What CREATE INDEX, ANALYZE and VACUUM overwrite in place (relpages, reltuples, relhasindex) is not
-- inspected. Rows under 16384 (FirstNormalObjectId) are the server's own, but for the namespace public. Left out is what
-- only changes together with what is there: arrays of types, aggregates (with their pg_proc), the dependencies by which
-- columns own sequences (ALTER SEQUENCE writes pg_sequence).
--
-- Of most rows age(xmin), which counts from the passing transaction, is taken off the age of a fixed one: that is many
-- times faster than any hash of an xid. The very first ids have no age: were they met, a mark would never be the same.
WITH clock AS MATERIALIZED (SELECT age('3'::xid) AS now),
catalog (relation, mark) AS (
  SELECT CASE c.relkind WHEN 'c' THEN 0 WHEN 't' THEN substr(c.relname, 10)::oid ELSE c.oid END,  -- pg_toast_<oid>
         hashtidextended(c.ctid, (SELECT now FROM clock) - age(c.xmin))
  FROM pg_class c WHERE c.oid >= 16384
  UNION ALL
  SELECT a.attrelid, bit_xor(hashtidextended(a.ctid, (SELECT now FROM clock) - age(a.xmin)))
  FROM pg_attribute a WHERE a.attrelid >= 16384 AND a.attnum > 0 GROUP BY a.attrelid
  UNION ALL
  SELECT d.adrelid, hashtidextended(d.ctid, (SELECT now FROM clock) - age(d.xmin) + (1::bigint << 32)) FROM pg_attrdef d
  UNION ALL
  SELECT k.conrelid, hashtidextended(k.ctid, (SELECT now FROM clock) - age(k.xmin) + (2::bigint << 32))
  FROM pg_constraint k WHERE k.oid >= 16384
  UNION ALL
  SELECT i.indrelid, hashtidextended(i.ctid, (SELECT now FROM clock) - age(i.xmin) + (3::bigint << 32))
  FROM pg_index i WHERE i.indexrelid >= 16384
  UNION ALL
  SELECT s.seqrelid, hashtidextended(s.ctid, (SELECT now FROM clock) - age(s.xmin) + (4::bigint << 32)) FROM pg_sequence s
  UNION ALL
  SELECT h.inhrelid, hash_record_extended(ROW(h.ctid, h.xmin), 5) FROM pg_inherits h
  UNION ALL
  SELECT w.ev_class, hash_record_extended(ROW(w.ctid, w.xmin), 6) FROM pg_rewrite w WHERE w.oid >= 16384 AND w.rulename = '_RETURN'
  UNION ALL
  SELECT p.partrelid, hash_record_extended(ROW(p.ctid, p.xmin), 7) FROM pg_partitioned_table p
  UNION ALL
  SELECT f.ftrelid, hash_record_extended(ROW(f.ctid, f.xmin), 8) FROM pg_foreign_table f
  UNION ALL
  SELECT CASE d.classoid
           WHEN 'pg_class'::regclass THEN d.objoid
           WHEN 'pg_constraint'::regclass THEN COALESCE((SELECT k.conrelid FROM pg_constraint k WHERE k.oid = d.objoid), 0)
           ELSE 0
         END, hash_record_extended(ROW(d.ctid, d.xmin), 9)
  FROM pg_description d WHERE d.objoid >= 16384
  UNION ALL
  SELECT CASE t.typtype WHEN 'c' THEN t.typrelid ELSE 0 END, hashtidextended(t.ctid, (SELECT now FROM clock) - age(t.xmin) + (10::bigint << 32))
  FROM pg_type t WHERE t.oid >= 16384 AND NOT (t.typelem <> 0 AND t.typlen = -1)
  UNION ALL
  SELECT 0, hash_record_extended(ROW(d.ctid, d.xmin), 11) FROM pg_description d WHERE d.objoid = 2200  -- public
  UNION ALL
  SELECT 0, hash_record_extended(ROW(n.ctid, n.xmin), 12) FROM pg_namespace n
  UNION ALL
  SELECT 0, hash_record_extended(ROW(p.ctid, p.xmin), 13) FROM pg_proc p WHERE p.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(e.ctid, e.xmin), 14) FROM pg_enum e
  UNION ALL
  SELECT 0, hash_record_extended(ROW(r.ctid, r.xmin), 15) FROM pg_range r WHERE r.rngtypid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(g.ctid, g.xmin), 16) FROM pg_trigger g WHERE NOT g.tgisinternal
  UNION ALL
  SELECT 0, hash_record_extended(ROW(w.ctid, w.xmin), 17) FROM pg_rewrite w WHERE w.oid >= 16384 AND w.rulename <> '_RETURN'
  UNION ALL
  SELECT 0, hash_record_extended(ROW(y.ctid, y.xmin), 18) FROM pg_policy y
  UNION ALL
  SELECT 0, hash_record_extended(ROW(x.ctid, x.xmin), 19) FROM pg_extension x
  UNION ALL
  SELECT 0, hash_record_extended(ROW(d.ctid, d.xmin), 20)
  FROM pg_depend d
  WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = ANY (ARRAY (SELECT x.oid FROM pg_extension x))
  UNION ALL
  SELECT 0, hash_record_extended(ROW(d.ctid, d.xmin), 21) FROM pg_default_acl d
  UNION ALL
  SELECT 0, hash_record_extended(ROW(s.ctid, s.xmin), 22) FROM pg_db_role_setting s
  UNION ALL
  SELECT 0, hash_record_extended(ROW(s.ctid, s.xmin), 23) FROM pg_statistic_ext s
  UNION ALL
  SELECT 0, hash_record_extended(ROW(p.ctid, p.xmin), 24) FROM pg_publication p
  UNION ALL
  SELECT 0, hash_record_extended(ROW(p.ctid, p.xmin), 25) FROM pg_publication_rel p
  UNION ALL
  SELECT 0, hash_record_extended(ROW(v.ctid, v.xmin), 26) FROM pg_event_trigger v
  UNION ALL
  SELECT 0, hash_record_extended(ROW(w.ctid, w.xmin), 27) FROM pg_foreign_data_wrapper w
  UNION ALL
  SELECT 0, hash_record_extended(ROW(s.ctid, s.xmin), 28) FROM pg_foreign_server s
  UNION ALL
  SELECT 0, hash_record_extended(ROW(o.ctid, o.xmin), 29) FROM pg_operator o WHERE o.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(o.ctid, o.xmin), 30) FROM pg_opclass o WHERE o.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(f.ctid, f.xmin), 31) FROM pg_opfamily f WHERE f.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(w.ctid, w.xmin), 32) FROM pg_amop w WHERE w.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(w.ctid, w.xmin), 33) FROM pg_amproc w WHERE w.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(c.ctid, c.xmin), 34) FROM pg_cast c WHERE c.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(c.ctid, c.xmin), 35) FROM pg_collation c WHERE c.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(c.ctid, c.xmin), 36) FROM pg_ts_config c WHERE c.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(m.ctid, m.xmin), 37) FROM pg_ts_config_map m WHERE m.mapcfg >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(d.ctid, d.xmin), 38) FROM pg_ts_dict d WHERE d.oid >= 16384
  UNION ALL
  SELECT 0, hash_record_extended(ROW(l.ctid, l.xmin), 39) FROM pg_language l
  UNION ALL
  SELECT 0, hash_record_extended(ROW(m.ctid, m.xmin), 40) FROM pg_am m
  UNION ALL
  SELECT 0, hash_record_extended(ROW(s.ctid, s.xmin), 41) FROM pg_tablespace s
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
