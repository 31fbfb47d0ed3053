-- Indexes that stand behind no constraint and that their definition, with their comment, tells whole.
SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS entity,
       format('DROP INDEX %I.%I', n.nspname, x.relname) AS remove,
       ARRAY [
         pg_get_indexdef(i.indexrelid),
         (SELECT format('COMMENT ON INDEX %I.%I IS %L', n.nspname, x.relname, d.description)
          FROM pg_description d WHERE d.objoid = i.indexrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0)
       ] AS restore
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE i.indrelid = ANY (current_setting('harness.tables')::regclass[]::oid[])
  AND x.relkind = 'i'
  AND NOT x.relispartition
  AND x.reltablespace = 0
  AND i.indisvalid
  AND i.indisready
  AND NOT i.indisclustered
  AND NOT i.indisreplident
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)
ORDER BY i.indexrelid DESC
