db.createCollection("sensors", { validator: { $jsonSchema: { bsonType: "object", additionalProperties: false, required: ["_id", "serial", "kind", "calibrated_at", "range"], properties: {
  _id: { bsonType: "objectId" }, serial: { bsonType: "string", pattern: "^SN-[0-9]{6}$" }, kind: { enum: ["temperature", "humidity"] }, calibrated_at: { bsonType: "date" },
  range: { bsonType: "object", required: ["low", "high"], properties: { low: { bsonType: "double", minimum: -50, maximum: 0 }, high: { bsonType: "double", minimum: 1, maximum: 150 } } }, retired_at: { bsonType: ["date", "null"] } } } } });
db.sensors.createIndex({ serial: 1 }, { unique: true });
