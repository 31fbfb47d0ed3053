"""The design document and the scenario that ``harness init`` writes: small, complete, and every claim in it holds."""

POSTGRESQL = """\
# {title}: database design

**Date:** {date}
**Database:** {name}
**Type:** PostgreSQL

## Overview

Customers book appointments. This document was begun by `harness init`: put your own tables in the place of these two,
and run `harness verify {name}` after each change.

Typical data volumes: 10,000 customers and 100,000 bookings.

## Schema design

### Entity-relationship diagram

```mermaid
erDiagram
    customers ||--o{{ bookings : books
```

### Table: customers

**Purpose:** One row for each person who may book.

| Column | Type | Constraints | Description |
|--------|------|-------------|-------------|
| id | BIGINT | PRIMARY KEY, GENERATED ALWAYS AS IDENTITY | Number of the customer |
| email | VARCHAR(255) | UNIQUE, NOT NULL | Address that the customer logs in with |
| full_name | VARCHAR(100) | NOT NULL | Name that the customer is called by |
| created_at | TIMESTAMPTZ | NOT NULL, DEFAULT now() | When the customer was registered |

**SQL:**
```sql
CREATE TABLE customers (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email VARCHAR(255) NOT NULL UNIQUE,
  full_name VARCHAR(100) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
```

### Table: bookings

**Purpose:** One row for each appointment.

| Column | Type | Constraints | Description |
|--------|------|-------------|-------------|
| id | BIGINT | PRIMARY KEY, GENERATED ALWAYS AS IDENTITY | Number of the booking |
| customer_id | BIGINT | NOT NULL, FOREIGN KEY → customers(id) | Who booked |
| starts_at | TIMESTAMPTZ | NOT NULL | When the appointment begins |
| minutes | INTEGER | NOT NULL, CHECK > 0 | How long it takes |

**Indexes:**
- `idx_bookings_customer_starts` ON (customer_id, starts_at DESC) - a customer's bookings, latest first

**Relationships:**
- `customer_id` → `customers.id` (Many-to-One)
- ON DELETE CASCADE - bookings go with their customer

**SQL:**
```sql
CREATE TABLE bookings (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  starts_at TIMESTAMPTZ NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes > 0)
);

CREATE INDEX idx_bookings_customer_starts ON bookings (customer_id, starts_at DESC);
```

## Query performance analysis

### Common query 1: A customer's latest bookings
```sql
SELECT c.full_name, b.starts_at, b.minutes
FROM customers c
JOIN bookings b ON b.customer_id = c.id
WHERE c.email = 'ada@example.com'
ORDER BY b.starts_at DESC
LIMIT 10;
```

**Indexes Used:**
- `customers_email_key` for the customer
- `idx_bookings_customer_starts` for the customer's bookings

**Performance:** < 20ms for typical data volumes

## Migration strategy

### Migration 001: Initial schema
```sql
-- Up
CREATE TABLE customers (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email VARCHAR(255) NOT NULL UNIQUE,
  full_name VARCHAR(100) NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE TABLE bookings (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id BIGINT NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
  starts_at TIMESTAMPTZ NOT NULL,
  minutes INTEGER NOT NULL CHECK (minutes > 0)
);

CREATE INDEX idx_bookings_customer_starts ON bookings (customer_id, starts_at DESC);

-- Down
DROP TABLE bookings;
DROP TABLE customers;
```

## Data integrity rules

1. **Referential integrity:** every booking belongs to a customer who exists
2. **Email uniqueness:** no two customers share an address
3. **Positive duration:** a booking takes more than zero minutes
"""

SCENARIO = """\
# How much data designs/{name}.md is tried with.
seed = 42
runs = 200

[rows]
customers = 10_000
bookings = 100_000
"""

STARTERS = {"postgresql": POSTGRESQL}
"""The document for each engine, with the fields ``title``, ``name`` and ``date``."""
