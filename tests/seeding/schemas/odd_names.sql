CREATE SCHEMA "Sales";
CREATE TABLE "Sales"."Order" ("orderId" serial PRIMARY KEY, "select" text NOT NULL, "with space" integer NOT NULL CHECK ("with space" > 5), "Status" text NOT NULL CHECK ("Status" IN ('A', 'B')));
CREATE TABLE "user" (id serial PRIMARY KEY, "group" text NOT NULL, "Order" integer NOT NULL REFERENCES "Sales"."Order" ("orderId"), "createdAt" timestamptz NOT NULL, "updatedAt" timestamptz NOT NULL CHECK ("updatedAt" >= "createdAt"));
CREATE TABLE no_key (a integer, b text);
CREATE TABLE nothing ();
CREATE TABLE only_defaults (id serial PRIMARY KEY);
