-- Types that somebody made, with all that is said of them.
SELECT CASE t.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'r' THEN 'range type'
                      WHEN 'c' THEN 'composite type' ELSE 'base type' END AS kind,
       CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || t.typname AS name,
       CASE t.typtype
         WHEN 'e' THEN (
           SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid
         )
         WHEN 'd' THEN concat_ws(' ',
           format_type(t.typbasetype, t.typtypmod),
           CASE WHEN t.typcollation <> b.typcollation THEN 'COLLATE ' || t.typcollation::regcollation::text END,
           'DEFAULT ' || t.typdefault,
           CASE WHEN t.typnotnull THEN 'NOT NULL' END,
           (SELECT string_agg(
                     concat_ws(' ', 'CONSTRAINT', quote_ident(k.conname), pg_get_constraintdef(k.oid, true),
                               '(' || obj_description(k.oid, 'pg_constraint') || ')'),
                     ' ' ORDER BY k.conname)
            FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'))
         WHEN 'c' THEN (
           SELECT string_agg(
                    concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
                              CASE WHEN a.attcollation <> y.typcollation THEN 'COLLATE ' || a.attcollation::regcollation::text END,
                              '(' || col_description(a.attrelid, a.attnum) || ')'),
                    ', ' ORDER BY a.attnum)
           FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
           WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
         WHEN 'r' THEN concat_ws(' ',
           format_type(r.rngsubtype, NULL),
           'OPERATOR CLASS ' || o.opcname,
           'COLLATE ' || NULLIF(r.rngcollation, 0)::regcollation::text,
           'CANONICAL ' || NULLIF(r.rngcanonical, 0)::regproc::text,
           'DIFFERENCE ' || NULLIF(r.rngsubdiff, 0)::regproc::text)
         ELSE concat_ws(' ', t.typinput, t.typoutput, t.typlen, t.typalign, t.typstorage)
       END AS definition,
       pg_get_userbyid(t.typowner) AS owner,
       t.typacl::text[] AS acl,
       acldefault('T', t.typowner)::text[] AS default_acl,
       COALESCE(obj_description(t.oid, 'pg_type'), obj_description(NULLIF(t.typrelid, 0), 'pg_class')) AS comment
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
LEFT JOIN pg_type b ON b.oid = t.typbasetype
LEFT JOIN pg_range r ON r.rngtypid = t.oid
LEFT JOIN pg_opclass o ON o.oid = r.rngsubopc
WHERE n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c') OR (t.typtype = 'b' AND t.typcategory <> 'A'))
  AND NOT EXISTS (
    SELECT FROM pg_depend e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e'
  )
