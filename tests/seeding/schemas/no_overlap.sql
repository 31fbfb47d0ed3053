CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE TABLE rooms (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE reservations (id serial PRIMARY KEY, room_id integer NOT NULL REFERENCES rooms, during tstzrange NOT NULL,
  EXCLUDE USING gist (room_id WITH =, during WITH &&));
CREATE TABLE prices (id serial PRIMARY KEY, valid daterange NOT NULL, EXCLUDE USING gist (valid WITH &&));
