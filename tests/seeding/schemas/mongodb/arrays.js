db.createCollection("posts", { validator: { $jsonSchema: { bsonType: "object", required: ["slug", "tags", "lines", "views"], properties: {
  slug: { bsonType: "string", pattern: "^[a-z0-9-]+$" }, tags: { bsonType: "array", minItems: 1, items: { bsonType: "string" } }, views: { bsonType: "long", minimum: 0 },
  lines: { bsonType: "array", minItems: 1, items: { bsonType: "object", required: ["sku", "quantity"], properties: { sku: { bsonType: "string" }, quantity: { bsonType: "int", minimum: 1, maximum: 50 } } } },
  published: { bsonType: "bool" } } } } });
db.posts.createIndex({ slug: 1 }, { unique: true });
