--liquibase formatted sql

--changeset ada:1
CREATE TABLE users (
    id BIGSERIAL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
--rollback DROP TABLE users;

--changeset ada:2
ALTER TABLE users ADD COLUMN role TEXT;
ALTER TABLE users ALTER COLUMN email TYPE VARCHAR(200); -- expect: rewrites-no-table broken
--rollback ALTER TABLE users DROP COLUMN role; -- expect: round-trip-exact broken

--changeset ada:2 -- expect: files-well-formed broken, down-exists broken
ALTER TABLE users ADD COLUMN phone TEXT;

--changeset ada:3
CREATE INDEX CONCURRENTLY users_created_at ON users (created_at); -- expect: up-applies broken
--rollback DROP INDEX users_created_at;
