CREATE TABLE tenants (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE users (tenant_id integer NOT NULL REFERENCES tenants, id integer NOT NULL, email text NOT NULL, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, email));
CREATE TABLE products (id serial PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants, name text NOT NULL, UNIQUE (tenant_id, id));
CREATE TABLE orders (id bigserial PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants, user_id integer NOT NULL, product_id integer NOT NULL,
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id), FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id));
