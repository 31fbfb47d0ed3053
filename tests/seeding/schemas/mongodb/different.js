db.createCollection("articles", { validator: { $jsonSchema: { bsonType: "object", required: ["tags", "flags", "codes", "key"], properties: {
  tags: { bsonType: "array", minItems: 2, maxItems: 6, uniqueItems: true, items: { bsonType: "string" } }, flags: { bsonType: "array", uniqueItems: true, minItems: 1, items: { enum: ["new", "hot"] } },
  codes: { bsonType: "array", uniqueItems: true, minItems: 3, maxItems: 3, items: { bsonType: "int", minimum: 1, maximum: 3 } }, key: { bsonType: "string", pattern: "^[A-Za-z]{2}[0-9]?-(x|yy|[a-z]{3})$" } } } } });
db.articles.createIndex({ key: 1 }, { unique: true });
