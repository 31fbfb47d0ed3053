-- Foreign keys from or to the tables. What a partition has from its parent comes and goes with the parent's.
SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS entity,
       format('ALTER TABLE %I.%I DROP CONSTRAINT %I', n.nspname, c.relname, k.conname) AS remove,
       ARRAY [
         format('ALTER TABLE %I.%I ADD CONSTRAINT %I %s', n.nspname, c.relname, k.conname, pg_get_constraintdef(k.oid)),
         (SELECT format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname, d.description)
          FROM pg_description d WHERE d.objoid = k.oid AND d.classoid = 'pg_constraint'::regclass)
       ] AS restore
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE k.contype = 'f'
  AND k.conparentid = 0
  AND (k.conrelid = ANY (current_setting('harness.tables')::regclass[]::oid[]) OR k.confrelid = ANY (current_setting('harness.tables')::regclass[]::oid[]))
ORDER BY k.oid DESC
