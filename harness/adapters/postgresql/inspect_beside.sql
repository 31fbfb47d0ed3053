-- What the marks cannot tell, as its rows have no version that every user may read, or as older servers lack it:
-- the names of roles, the mappings of users, and whether there is a publication, which may stand for all tables.
SELECT hashtextextended(
         concat_ws(' ',
           (SELECT string_agg(r.oid || ' ' || r.rolname, ' ' ORDER BY r.oid) FROM pg_roles r),
           (SELECT string_agg(to_jsonb(m)::text, ' ' ORDER BY m.umid) FROM pg_user_mappings m)), 0) AS mark,
       (SELECT count(*) FROM pg_publication) AS publications
