CREATE TYPE mood AS ENUM ('happy', 'sad', 'so so');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE DOMAIN postal AS varchar(10) NOT NULL CHECK (VALUE ~ '^\d{5}$');
CREATE TABLE everything (
  id serial PRIMARY KEY, s smallint NOT NULL, i integer NOT NULL, b bigint NOT NULL, n numeric NOT NULL, n0 numeric(5) NOT NULL,
  n8 numeric(12,8) NOT NULL, wide numeric(30,2) NOT NULL, cents numeric(6,-2) NOT NULL, r real NOT NULL, d double precision NOT NULL, m money NOT NULL,
  c char(10) NOT NULL, one char NOT NULL, v varchar(3) NOT NULL, t text NOT NULL, tiny varchar(1) NOT NULL, flag boolean NOT NULL,
  day date NOT NULL, clock time NOT NULL, clock_tz timetz NOT NULL, at timestamp NOT NULL, at_tz timestamptz NOT NULL, at0 timestamptz(0) NOT NULL,
  span interval NOT NULL, u uuid NOT NULL, j json NOT NULL, jb jsonb NOT NULL, raw bytea NOT NULL, mood mood NOT NULL, moods mood[] NOT NULL,
  addr inet NOT NULL, net cidr NOT NULL, mac macaddr NOT NULL, mac8 macaddr8 NOT NULL, bits bit(8) NOT NULL, vbits bit varying(12) NOT NULL,
  r4 int4range NOT NULL, r8 int8range NOT NULL, rn numrange NOT NULL, rt tsrange NOT NULL, rtz tstzrange NOT NULL, rd daterange NOT NULL, md datemultirange NOT NULL,
  ia integer[] NOT NULL, ta text[] NOT NULL, da date[] NOT NULL, p point NOT NULL, bx box NOT NULL, pth path NOT NULL, pg polygon NOT NULL, ci circle NOT NULL, ls lseg NOT NULL, ln line NOT NULL,
  v_search tsvector NOT NULL, x xml NOT NULL, pos positive NOT NULL, zip postal, double_i integer GENERATED ALWAYS AS (i % 1000 * 2) STORED, oid_ oid NOT NULL, na name NOT NULL,
  jp jsonpath, lsn pg_lsn, q tsquery);
