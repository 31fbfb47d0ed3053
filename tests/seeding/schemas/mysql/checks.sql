CREATE TABLE bookings (
  id INT AUTO_INCREMENT PRIMARY KEY, starts_on DATE NOT NULL, ends_on DATE NOT NULL, guests INT NOT NULL, room VARCHAR(8) NOT NULL, code VARCHAR(20) NOT NULL UNIQUE, cancelled_at DATETIME, status VARCHAR(12) NOT NULL,
  CHECK (ends_on > starts_on), CHECK (guests BETWEEN 1 AND 6), CHECK (room REGEXP '^[A-D][0-9]{3}$'), CHECK (char_length(code) >= 6), CHECK (code LIKE 'BK-%'),
  CHECK (status IN ('held', 'confirmed', 'cancelled')), CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)));
