db.createCollection("customers", { validator: { $jsonSchema: { bsonType: "object", required: ["email", "name", "tier", "address", "created_at"], properties: {
  email: { bsonType: "string", pattern: "^[^@]+@[^@]+$" }, name: { bsonType: "string", minLength: 2, maxLength: 60 }, tier: { enum: ["free", "pro", "enterprise"] },
  address: { bsonType: "object", required: ["city", "country"], properties: { city: { bsonType: "string" }, country: { bsonType: "string", minLength: 2, maxLength: 2 }, zip: { bsonType: "string" } } },
  balance: { bsonType: "decimal" }, created_at: { bsonType: "date" } } } } });
db.customers.createIndex({ email: 1 }, { unique: true });
db.customers.createIndex({ tier: 1, created_at: -1 });
