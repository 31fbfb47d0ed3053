CREATE TABLE a (id int PRIMARY KEY, b_id int NOT NULL);
CREATE TABLE b (id int PRIMARY KEY, c_id int NOT NULL);
CREATE TABLE c (id int PRIMARY KEY, a_id int NOT NULL);
ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE b ADD FOREIGN KEY (c_id) REFERENCES c;
ALTER TABLE c ADD FOREIGN KEY (a_id) REFERENCES a;
CREATE TABLE orders (id int PRIMARY KEY, latest_item_id int);
CREATE TABLE items (id int PRIMARY KEY, order_id int NOT NULL REFERENCES orders, UNIQUE (id, order_id));
ALTER TABLE orders ADD FOREIGN KEY (latest_item_id, id) REFERENCES items (id, order_id);
CREATE TABLE versions (doc_id int NOT NULL, version int NOT NULL CHECK (version > 0), prev_version int, PRIMARY KEY (doc_id, version),
  FOREIGN KEY (doc_id, prev_version) REFERENCES versions (doc_id, version), CHECK (prev_version < version));
