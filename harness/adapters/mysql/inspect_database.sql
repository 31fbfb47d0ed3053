-- Who looks at which database, and what its new tables get beside what those of new databases get. The collation is not
-- taken from @@collation_database, which a session does not see change.
SELECT CURRENT_USER() AS user,
       DATABASE() AS name,
       s.default_collation_name AS own,
       COLLATION(_utf8mb4'') AS usual
FROM information_schema.schemata s
WHERE s.schema_name = DATABASE()
