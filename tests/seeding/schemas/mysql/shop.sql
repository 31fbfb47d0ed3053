CREATE TABLE customers (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190) NOT NULL UNIQUE, name VARCHAR(80) NOT NULL,
  tier ENUM('free', 'pro', 'enterprise') NOT NULL DEFAULT 'free', flags SET('a', 'b', 'c'), created_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
CREATE TABLE orders (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, customer_id INT UNSIGNED NOT NULL, status VARCHAR(20) NOT NULL,
  total DECIMAL(12,2) NOT NULL, paid_at DATETIME(6), created_at DATETIME NOT NULL,
  CHECK (status IN ('pending', 'paid', 'cancelled')), CHECK (total > 0), CHECK (paid_at >= created_at),
  CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE);
