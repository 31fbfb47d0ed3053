db.createCollection("shops", {validator: {$jsonSchema: {bsonType: "object", required: ["name", "emails"], properties: {
  name: {bsonType: "string"}, emails: {bsonType: "array", items: {bsonType: "string"}}, code: {bsonType: "int"}, active: {bsonType: "bool"},
  location: {bsonType: "object", properties: {type: {enum: ["Point"]}, coordinates: {bsonType: "array"}}}}}}});
db.shops.createIndex({location: "2dsphere"});
db.shops.createIndex({emails: 1}, {unique: true});
db.shops.createIndex({code: 1}, {unique: true, partialFilterExpression: {active: true}});
db.shops.createIndex({name: 1}, {unique: true, collation: {locale: "en", strength: 2}});
