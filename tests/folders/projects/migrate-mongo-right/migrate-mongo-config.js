module.exports = {
  mongodb: { url: "mongodb://localhost:27017", databaseName: "shop" },
  migrationsDir: "migrations",
  changelogCollectionName: "changelog",
};
