ALTER TABLE users ADD COLUMN seen_at TIMESTAMPTZ; -- expect: files-well-formed broken
CREATE INDEX CONCURRENTLY users_created_at ON users (created_at); -- expect: up-applies broken
