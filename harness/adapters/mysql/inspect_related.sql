-- Tables that foreign keys join with one: parents and children.
SELECT r.referenced_table_name AS name FROM information_schema.referential_constraints r
WHERE r.constraint_schema = DATABASE() AND r.unique_constraint_schema = DATABASE() AND r.table_name = %s
UNION
SELECT r.table_name FROM information_schema.referential_constraints r
WHERE r.constraint_schema = DATABASE() AND r.unique_constraint_schema = DATABASE() AND r.referenced_table_name = %s
