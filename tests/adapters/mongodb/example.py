"""MongoDB's words for the contract suite."""

from tests.adapters.example import Example

EXAMPLE = Example(
    script="""// the first
db.createCollection("one");
/* the second */
db.createCollection("two", {
  validator: { name: { $ne: "a;b" } } }); // not two

db.two.createIndex({ name: 1 })
""",
    broken='db.users.createIndex({ gone: 1 });\ndb.users.createIndex({ gone: "nosuch" });',
    unparsable="db.users.createIndex({ id: 1 )",
    addition="db.users.createIndex({ note: 1 })",
    query="db.orders.find({ user_id: 5 })",
    wrong_query="db.orders.find({ $nothing_such: 1 })",
    deletion="db.orders.deleteMany({})",
    key="_id",
    whole="Long",
    decimal="Decimal128",
    text="String",
)
