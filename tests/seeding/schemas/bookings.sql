CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE EXTENSION IF NOT EXISTS ltree;
CREATE TABLE rooms (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE stays (id bigserial PRIMARY KEY, room_id integer NOT NULL REFERENCES rooms, arrives date NOT NULL, leaves date NOT NULL,
  status text NOT NULL CHECK (status IN ('held', 'booked', 'cancelled')), CHECK (arrives < leaves),
  EXCLUDE USING gist (room_id WITH =, daterange(arrives, leaves) WITH &&) WHERE (status <> 'cancelled'));
CREATE TABLE meetings (room_id integer NOT NULL REFERENCES rooms, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
  CHECK (ends_at > starts_at AND ends_at - starts_at <= interval '4 hours'), EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&), PRIMARY KEY (room_id, starts_at));
CREATE TABLE tariffs (id integer PRIMARY KEY, sku text NOT NULL, valid_from date NOT NULL, valid_to date, price numeric(10,2) NOT NULL, CHECK (valid_to IS NULL OR valid_to > valid_from),
  EXCLUDE USING gist (sku WITH =, daterange(valid_from, valid_to, '[)') WITH &&));
CREATE TABLE closures (id integer PRIMARY KEY, begins timestamp NOT NULL, ends timestamp NOT NULL, EXCLUDE USING gist (tsrange(begins, ends) WITH &&));
CREATE TABLE labelled (id integer PRIMARY KEY, attributes hstore NOT NULL, path ltree NOT NULL);
