CREATE TABLE tenants (id serial PRIMARY KEY, slug varchar(30) NOT NULL UNIQUE, code char(4) NOT NULL UNIQUE);
CREATE TABLE people (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  tenant_id integer NOT NULL REFERENCES tenants,
  email varchar(80) NOT NULL, username varchar(30) NOT NULL UNIQUE, phone text UNIQUE,
  first_name text NOT NULL, last_name text NOT NULL, badge integer UNIQUE NOT NULL, ssn bigint UNIQUE,
  token varchar(64) NOT NULL UNIQUE, ip inet UNIQUE, mac macaddr UNIQUE, external_ref text UNIQUE,
  seen_at timestamptz UNIQUE, amount numeric(12,4) UNIQUE, price real,
  UNIQUE (tenant_id, email), UNIQUE (first_name, last_name), UNIQUE NULLS NOT DISTINCT (external_ref));
CREATE UNIQUE INDEX people_lower_email ON people (lower(email));
CREATE UNIQUE INDEX people_upper_name ON people (tenant_id, upper(username));
CREATE UNIQUE INDEX people_active ON people (email) WHERE phone IS NOT NULL;
