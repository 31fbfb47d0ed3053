module.exports = {
  async up(db) {
    await db.collection("users").createIndex({ status: 1 }, { name: "users_status" });
    await db.collection("users").createIndex({ seen: 1 }, { name: "users_seen" });
  },

  async down(db) {
    await db.collection("users").dropIndex("users_status"); // expect: round-trip-exact broken
  },
};
