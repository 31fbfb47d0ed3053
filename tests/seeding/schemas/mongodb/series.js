db.createCollection("readings", { timeseries: { timeField: "at", metaField: "source", granularity: "seconds" } });
db.createCollection("sources", { validator: { $jsonSchema: { bsonType: "object", required: ["name", "port", "ratio"], properties: {
  name: { bsonType: "string", minLength: 3 }, port: { bsonType: "int", minimum: 1024, maximum: 65535 }, ratio: { bsonType: "double", minimum: 0, maximum: 1 }, tags: { bsonType: "array", maxItems: 3, items: { enum: ["x", "y", "z"] } } } } } });
db.sources.createIndex({ name: 1, port: 1 }, { unique: true });
