-- migrate:up
CREATE INDEX CONCURRENTLY users_created_at ON users (created_at); -- expect: up-applies broken

-- migrate:down
DROP INDEX users_created_at;
