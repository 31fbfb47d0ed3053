ALTER TABLE users ADD COLUMN seen_at TIMESTAMPTZ;
CREATE INDEX CONCURRENTLY users_created_at ON users (created_at); -- expect: up-applies broken
