--liquibase formatted sql

--changeset ada:1
--comment: People who buy
CREATE TABLE users (
    id BIGSERIAL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
--rollback DROP TABLE users;

--changeset ada:2 runInTransaction:false
CREATE INDEX CONCURRENTLY users_created_at ON users (created_at);
--rollback DROP INDEX CONCURRENTLY users_created_at;

--changeset ada:3 dbms:mysql
CREATE TABLE notes (id BIGINT AUTO_INCREMENT PRIMARY KEY) ENGINE = InnoDB;
--rollback DROP TABLE notes;
