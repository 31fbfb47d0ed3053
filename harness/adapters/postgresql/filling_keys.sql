-- Primary keys and unique constraints that their definition, with its comments, tells whole and nothing hangs on.
SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS entity,
       format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname) AS remove,
       ARRAY [
         format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)),
         (SELECT format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname, d.description)
          FROM pg_description d WHERE d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass),
         (SELECT format('COMMENT ON INDEX %I.%I IS %L', n.nspname, x.relname, d.description)
          FROM pg_description d WHERE d.objoid = x.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0)
       ] AS restore
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_index i ON i.indexrelid = k.conindid
JOIN pg_class x ON x.oid = k.conindid
JOIN pg_am m ON m.oid = x.relam
WHERE k.contype IN ('p', 'u')
  AND k.conrelid = ANY (current_setting('harness.tables')::regclass[]::oid[])
  AND m.amname = 'btree'
  AND x.relkind = 'i'
  AND NOT x.relispartition
  AND x.reltablespace = 0
  AND x.reloptions IS NULL
  AND i.indisvalid
  AND i.indisready
  AND NOT i.indisclustered
  AND NOT i.indisreplident
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0)
  AND NOT EXISTS (
    SELECT FROM pg_depend d
    WHERE d.deptype = 'n'
      AND ((d.refclassid = 'pg_constraint'::regclass AND d.refobjid = k.oid)
        OR (d.refclassid = 'pg_class'::regclass AND d.refobjid = k.conindid
          AND NOT (d.classid = 'pg_constraint'::regclass
            AND EXISTS (SELECT FROM pg_constraint f WHERE f.oid = d.objid AND f.contype = 'f')))))
ORDER BY k.oid DESC
