// The older way to write in bulk: collected, and recorded as one bulkWrite() when it is executed.

const BULKS = new Map([["initializeOrderedBulkOp", true], ["initializeUnorderedBulkOp", false]]);

function bulk(collection, session, ordered) {
  const wanted = [];
  const found = (filter, options = {}) => {
    const add = (name, change) => { wanted.push({ [name]: { filter, ...change, ...options } }); };
    return {
      upsert: () => found(filter, { ...options, upsert: true }),
      arrayFilters: (given) => found(filter, { ...options, arrayFilters: given }),
      collation: (given) => found(filter, { ...options, collation: given }),
      hint: (given) => found(filter, { ...options, hint: given }),
      update: (update) => add("updateMany", { update }),
      updateOne: (update) => add("updateOne", { update }),
      replaceOne: (replacement) => add("replaceOne", { replacement }),
      delete: () => add("deleteMany"),
      deleteOne: () => add("deleteOne"),
      remove: () => add("deleteMany"),
      removeOne: () => add("deleteOne"),
    };
  };
  return {
    insert(document) { wanted.push({ insertOne: { document: identified(document) } }); },
    find: (filter) => found(filter),
    execute: () => called("bulkWrite", collection, [wanted.splice(0), { ordered }], session),
  };
}
