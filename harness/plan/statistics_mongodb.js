print(JSON.stringify({format: "harness.statistics/1", tables: db.getCollectionNames().sort().map(
  (name) => ({table: name, rows: db.getCollection(name).estimatedDocumentCount()}))}));
