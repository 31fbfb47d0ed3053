CREATE DOMAIN percentage AS numeric(5,2) CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN iban AS varchar(34) CHECK (VALUE ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%.%' AND char_length(VALUE) <= 80);
CREATE TABLE accounts (
  id uuid PRIMARY KEY, owner_email email NOT NULL UNIQUE, iban iban NOT NULL UNIQUE, commission percentage NOT NULL,
  label varchar(12) NOT NULL CHECK (length(trim(label)) >= 3), note text CHECK (octet_length(note) < 200));
