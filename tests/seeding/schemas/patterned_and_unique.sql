CREATE TABLE parts (id serial PRIMARY KEY, code varchar(8) NOT NULL UNIQUE CHECK (code ~ '^[A-Za-z]{3}[0-9]?$'), tag text NOT NULL UNIQUE CHECK (tag ~ '^(a|ab|abc)+-[0-9]{1,4}$'), slug varchar(40) NOT NULL CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'), lot text CHECK (lot ~* '^lot [0-9]{1,3}[a-z]?$'), UNIQUE (slug), UNIQUE (lot));
CREATE UNIQUE INDEX parts_code_once ON parts (lower(code));
