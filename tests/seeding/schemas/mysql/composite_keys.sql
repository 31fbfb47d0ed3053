CREATE TABLE tenants (id INT PRIMARY KEY, slug VARCHAR(40) NOT NULL UNIQUE);
CREATE TABLE members (tenant_id INT NOT NULL, id INT NOT NULL, email VARCHAR(100) NOT NULL, PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, email), FOREIGN KEY (tenant_id) REFERENCES tenants (id));
CREATE TABLE badges (tenant_id INT NOT NULL, member_id INT NOT NULL, kind CHAR(3) NOT NULL, PRIMARY KEY (tenant_id, member_id, kind), FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id), CHECK (kind IN ('fst', 'top', 'pro')));
