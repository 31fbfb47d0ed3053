CREATE TABLE tenants (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (tenant_id int NOT NULL REFERENCES tenants, id int NOT NULL, email text NOT NULL, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, email));
CREATE TABLE projects (tenant_id int NOT NULL REFERENCES tenants, id int NOT NULL, owner_id int NOT NULL, reviewer_id int, PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES users, FOREIGN KEY (tenant_id, reviewer_id) REFERENCES users, CHECK (owner_id <> reviewer_id));
CREATE TABLE tasks (tenant_id int NOT NULL, id bigint NOT NULL, project_id int NOT NULL, assignee_id int, parent_id bigint, PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects, FOREIGN KEY (tenant_id, assignee_id) REFERENCES users, FOREIGN KEY (tenant_id, parent_id) REFERENCES tasks (tenant_id, id));
CREATE TABLE members (tenant_id int NOT NULL, project_id int NOT NULL, user_id int NOT NULL, PRIMARY KEY (tenant_id, project_id, user_id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES projects, FOREIGN KEY (tenant_id, user_id) REFERENCES users);
CREATE TABLE persons (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE friends (a int NOT NULL REFERENCES persons, b int NOT NULL REFERENCES persons, since date NOT NULL, PRIMARY KEY (a, b), CHECK (a < b));
CREATE TABLE matches (id int PRIMARY KEY, a int NOT NULL REFERENCES persons, b int NOT NULL REFERENCES persons, CHECK (a <> b));
CREATE UNIQUE INDEX ON matches (LEAST(a, b), GREATEST(a, b));
CREATE TABLE cities (id int PRIMARY KEY, country char(2) NOT NULL, region varchar(3), name text NOT NULL);
CREATE TABLE parcels (id bigint PRIMARY KEY, width int NOT NULL, height int NOT NULL, area int GENERATED ALWAYS AS (width * height) STORED, a int NOT NULL, b int NOT NULL,
  together int GENERATED ALWAYS AS (a + b) STORED, CHECK (together BETWEEN 10 AND 200));
