db.createCollection("invoices", { validator: { $and: [
  { number: { $regex: "^INV-[0-9]{4}-[0-9]{5}$" } }, { state: { $in: ["draft", "sent", "paid", "void"] } }, { total: { $type: "double", $gte: 1, $lt: 100000 } },
  { $or: [ { state: { $ne: "paid" } }, { paidAt: { $exists: true, $type: "date" } } ] }, { $or: [ { state: "paid" }, { paidAt: { $exists: false } } ] },
  { issuedAt: { $type: "date" } }, { lines: { $type: "int", $gte: 1, $mod: [1, 0] } } ] } });
db.invoices.createIndex({ number: 1 }, { unique: true });
db.createCollection("stays", { validator: { $jsonSchema: { bsonType: "object", required: ["from", "until", "adults", "children"], properties: {
  from: { bsonType: "date" }, until: { bsonType: "date" }, adults: { bsonType: "int", minimum: 1 }, children: { bsonType: "int", minimum: 0 }, price: { bsonType: "double", minimum: 1 }, discount: { bsonType: "double", minimum: 0 } } },
  $expr: { $and: [ { $gt: ["$until", "$from"] }, { $lte: ["$discount", "$price"] } ] } } });
db.createCollection("accounts", { validator: { kind: { $in: ["person", "firm"] }, email: { $regex: "^[^@ ]+@[^@ ]+$", $options: "i" }, balance: { $gte: -500 }, closedAt: { $not: { $exists: true } }, "address.country": { $type: "string", $nin: ["XX", "YY"] },
  $nor: [ { balance: { $gt: 1000000 } }, { kind: "unknown" } ] } });
db.accounts.createIndex({ email: 1 }, { unique: true });
