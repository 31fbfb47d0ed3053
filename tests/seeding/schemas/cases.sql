CREATE TABLE discounts (id bigint PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('percent', 'fixed', 'none')), value numeric(10,2) NOT NULL,
  CHECK (CASE kind WHEN 'percent' THEN value BETWEEN 0 AND 100 WHEN 'fixed' THEN value > 0 ELSE value = 0 END));
CREATE TABLE tasks (id bigint PRIMARY KEY, status text NOT NULL CHECK (status IN ('open', 'done')), done_at timestamptz,
  CHECK ((CASE WHEN status = 'done' THEN 1 ELSE 0 END) = (CASE WHEN done_at IS NULL THEN 0 ELSE 1 END)));
CREATE TABLE entries (id bigint PRIMARY KEY, debit numeric(12,2), credit numeric(12,2), CHECK (COALESCE(debit, 0) + COALESCE(credit, 0) > 0),
  low int, high int, CHECK (COALESCE(low, 0) <= COALESCE(high, 1000)), nick text, name text, CHECK (length(COALESCE(nick, name, '')) > 2));
CREATE TABLE limits (id bigint PRIMARY KEY, a int NOT NULL, b int NOT NULL, c int NOT NULL, CHECK (GREATEST(a, b, c) <= 100), CHECK (LEAST(a, b, c) >= 0),
  d int NOT NULL CHECK (abs(d) BETWEEN 3 AND 9), e int CHECK (NULLIF(e, 0) IS NOT NULL), f int NOT NULL CHECK (f & 1 = 1), g int, h int, CHECK (g IS DISTINCT FROM h));
