CREATE TYPE level AS ENUM ('low', 'mid', 'high');
CREATE TABLE plans (code text PRIMARY KEY CHECK (code IN ('free', 'pro', 'team', 'business', 'enterprise')), seats integer NOT NULL);
CREATE TABLE levels (level level PRIMARY KEY, points smallint NOT NULL UNIQUE CHECK (points BETWEEN 1 AND 100));
CREATE TABLE accounts (id smallserial PRIMARY KEY, plan_code text NOT NULL REFERENCES plans, level level NOT NULL REFERENCES levels, on_trial boolean NOT NULL);
CREATE TABLE seats (account_id smallint NOT NULL REFERENCES accounts, level level NOT NULL, UNIQUE (account_id, level));
