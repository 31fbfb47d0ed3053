export const up = async (database) => {
  // Those that are there are active.
  await database.collection("users").updateMany({}, { $set: { status: "active" } });
  await database.collection("users").createIndex({ status: 1 }, { name: "users_status" });
};

export const down = async (database) => {
  await database.collection("users").dropIndex("users_status");
  await database.collection("users").updateMany({}, { $unset: { status: "" } });
};
