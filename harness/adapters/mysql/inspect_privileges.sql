-- What accounts may do in this database, beyond what they may do everywhere.
SELECT p.grantee AS grantee, '' AS entity, '' AS field, p.privilege_type AS privilege, p.is_grantable AS grantable
FROM information_schema.schema_privileges p
WHERE p.table_schema IN (DATABASE(), REPLACE(DATABASE(), '_', '\\_'))
UNION ALL
SELECT p.grantee, p.table_name, '', p.privilege_type, p.is_grantable
FROM information_schema.table_privileges p
WHERE p.table_schema = DATABASE()
UNION ALL
SELECT p.grantee, p.table_name, p.column_name, p.privilege_type, p.is_grantable
FROM information_schema.column_privileges p
WHERE p.table_schema = DATABASE()
