CREATE TABLE invoices (id bigint PRIMARY KEY, subtotal numeric(12,2) NOT NULL CHECK (subtotal >= 0), tax numeric(12,2) NOT NULL CHECK (tax >= 0),
  discount numeric(12,2) NOT NULL CHECK (discount >= 0 AND discount <= subtotal), total numeric(12,2) NOT NULL, CHECK (total = subtotal + tax - discount));
CREATE TABLE lines (id bigint PRIMARY KEY, qty int NOT NULL CHECK (qty > 0), unit_price numeric(10,2) NOT NULL, discount_pct numeric(5,2) NOT NULL CHECK (discount_pct BETWEEN 0 AND 100),
  line_total numeric(12,2) NOT NULL, CHECK (line_total = round(qty * unit_price * (1 - discount_pct / 100), 2)));
CREATE TABLE mixtures (id bigint PRIMARY KEY, a int NOT NULL CHECK (a >= 0), b int NOT NULL CHECK (b >= 0), c int NOT NULL CHECK (c >= 0), CHECK (a + b + c = 100));
CREATE TABLE stores (id bigint PRIMARY KEY, capacity int NOT NULL, used int NOT NULL, reserved int NOT NULL, CHECK (used >= 0 AND reserved >= 0 AND used + reserved <= capacity));
CREATE TABLE stays (id bigint PRIMARY KEY, begins date NOT NULL, ends date NOT NULL, CHECK (ends - begins BETWEEN 1 AND 30), leaves date NOT NULL, CHECK (leaves = ends + 14));
CREATE TABLE shifts (id bigint PRIMARY KEY, begins_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, minutes int NOT NULL CHECK (minutes > 0),
  CHECK (ends_at = begins_at + minutes * interval '1 minute'), closed_at timestamptz NOT NULL, CHECK (closed_at - begins_at <= interval '8 hours'));
CREATE TABLE calendar (id bigint PRIMARY KEY, m date NOT NULL CHECK (m = date_trunc('month', m)::date), first date NOT NULL CHECK (EXTRACT(DAY FROM first) = 1),
  slot timestamptz NOT NULL CHECK (EXTRACT(MINUTE FROM slot) IN (0, 15, 30, 45) AND EXTRACT(SECOND FROM slot) = 0), monday date NOT NULL CHECK (monday = date_trunc('week', monday)::date),
  hour timestamptz NOT NULL UNIQUE CHECK (date_trunc('hour', hour) = hour), adult date NOT NULL CHECK (age(adult) >= interval '18 years'));
