CREATE TABLE regions (country char(2), code varchar(6), name text NOT NULL, capital_id bigint, PRIMARY KEY (country, code));
CREATE TABLE cities (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, country char(2) NOT NULL, region varchar(6) NOT NULL, name text NOT NULL,
  twin_id bigint REFERENCES cities, FOREIGN KEY (country, region) REFERENCES regions DEFERRABLE INITIALLY DEFERRED, CHECK (twin_id <> id));
ALTER TABLE regions ADD FOREIGN KEY (capital_id) REFERENCES cities (id);
