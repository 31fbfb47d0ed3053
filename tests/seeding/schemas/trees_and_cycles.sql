CREATE TABLE categories (id serial PRIMARY KEY, parent_id integer REFERENCES categories, name text NOT NULL, slug text NOT NULL UNIQUE,
  CHECK (parent_id <> id));
CREATE TABLE employees (id serial PRIMARY KEY, manager_id integer NOT NULL REFERENCES employees, full_name text NOT NULL);
CREATE TABLE versions (id serial PRIMARY KEY, previous_id integer UNIQUE REFERENCES versions, body text NOT NULL);
CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL, captain_id integer);
CREATE TABLE players (id serial PRIMARY KEY, team_id integer NOT NULL REFERENCES teams, name text NOT NULL);
ALTER TABLE teams ADD FOREIGN KEY (captain_id) REFERENCES players;
CREATE TABLE eggs (id uuid PRIMARY KEY, hen_id uuid NOT NULL);
CREATE TABLE hens (id uuid PRIMARY KEY, egg_id uuid NOT NULL REFERENCES eggs DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE eggs ADD FOREIGN KEY (hen_id) REFERENCES hens DEFERRABLE INITIALLY DEFERRED;
