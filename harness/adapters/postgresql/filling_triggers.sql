-- Triggers that would fire, with the word that makes them fire as they did.
SELECT CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS entity,
       format('ALTER TABLE %I.%I DISABLE TRIGGER %I', n.nspname, c.relname, t.tgname) AS remove,
       ARRAY [
         format('ALTER TABLE %I.%I ENABLE %sTRIGGER %I', n.nspname, c.relname,
                CASE t.tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END, t.tgname)
       ] AS restore
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE t.tgrelid = ANY (current_setting('harness.tables')::regclass[]::oid[])
  AND NOT t.tgisinternal
  AND t.tgparentid = 0
  AND t.tgenabled <> 'D'
ORDER BY t.oid
