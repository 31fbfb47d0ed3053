CREATE TABLE lines (
  id bigserial PRIMARY KEY, quantity int NOT NULL CHECK (quantity > 0 AND quantity % 2 = 0), unit_price numeric(10,2) NOT NULL CHECK (unit_price >= 0),
  discount numeric(10,2) NOT NULL DEFAULT 0, total numeric(14,2) NOT NULL, CHECK (total = quantity * unit_price - discount), CHECK (discount <= quantity * unit_price / 2));
CREATE TABLE grants (
  id bigserial PRIMARY KEY, used int NOT NULL, reserved int NOT NULL, capacity int NOT NULL CHECK (capacity BETWEEN 10 AND 5000),
  CHECK (used >= 0 AND reserved >= 0 AND used + reserved <= capacity), code text NOT NULL CHECK (upper(code) = code AND code LIKE 'G-%'));
