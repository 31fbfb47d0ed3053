// mongosh --quiet --file statistics.js "mongodb://…/shop" > production.json
(() => {
  const SAMPLE = 20000, COMMON = 100, PARTS = 100;
  // What the harness reads: numbers, flags, instants and identifiers as text. No arrays, no binary data.
  const text = (value) => {
    if (value instanceof Date) return value.toISOString();
    return typeof value === "object" && typeof value.toHexString === "function" ? value.toHexString() : String(value);
  };
  const scalar = (value) => ["string", "number", "boolean", "bigint"].includes(typeof value) || value instanceof Date ||
    ["ObjectId", "ObjectID", "Long", "Int32", "Double", "Decimal128"].includes(value._bsontype);
  const isDocument = (value) => typeof value === "object" && !Array.isArray(value) && !value._bsontype &&
    !(value instanceof Date);
  const rank = (value) => {
    if (value instanceof Date) return value.getTime();
    return typeof value === "string" || typeof value === "boolean" ? NaN : Number(text(value));
  };
  const fields = (document, path, into) => {
    for (const name of Object.keys(document)) {
      const value = document[name], full = path + name;
      if (value === null || value === undefined || full === "_id") continue;
      if (isDocument(value)) fields(value, full + ".", into);
      else if (scalar(value)) (into[full] = into[full] || []).push(value);
    }
    return into;
  };
  // Haas and Stokes' estimator (Duj1), as PostgreSQL's ANALYZE has it; above a tenth of the rows, minus their share.
  const different = (sampled, distinct, once, rows) => {
    if (once === sampled) return -1;
    const found = once === 0 ? distinct : sampled * distinct / (sampled - once + once * sampled / rows);
    return found > 0.1 * rows ? -Math.min(found / rows, 1) : Math.round(Math.min(Math.max(found, distinct), rows));
  };
  const correlation = (numbers) => {
    const places = numbers.map((_, place) => place).sort((a, b) => numbers[a] - numbers[b] || a - b);
    const half = (numbers.length - 1) / 2;
    let together = 0, alone = 0;
    places.forEach((place, order) => { together += (place - half) * (order - half); alone += (order - half) ** 2; });
    return alone ? Math.round(together / alone * 1000) / 1000 : 0;
  };
  const column = (name, values, sampled, rows) => {
    const counts = new Map();
    values.forEach((value) => counts.set(text(value), (counts.get(text(value)) || 0) + 1));
    const once = [...counts.values()].filter((count) => count === 1).length, mean = values.length / counts.size;
    const all = counts.size <= COMMON && once === 0;
    const common = [...counts].filter(([, count]) => all || (count > 1 && count > 1.25 * mean))
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, COMMON);
    const named = new Set(common.map(([value]) => value)), numbers = values.map(rank);
    const rest = values.filter((value) => !named.has(text(value)) && !Number.isNaN(rank(value)));
    rest.sort((a, b) => rank(a) - rank(b));
    const parts = Math.min(PARTS, rest.length - 1);
    const bounds = parts < 1 ? null
      : Array.from({ length: parts + 1 }, (_, part) => text(rest[Math.floor(part * (rest.length - 1) / parts)]));
    return {
      column: name, null: (sampled - values.length) / sampled, distinct: different(values.length, counts.size, once, rows),
      correlation: numbers.some(Number.isNaN) ? 0 : correlation(numbers), common: common.map(([value]) => value),
      shares: common.map(([, count]) => count / sampled), bounds,
    };
  };
  const table = (name) => {
    const rows = Number(db.getCollection(name).estimatedDocumentCount());
    const sample = db.getCollection(name).aggregate([{ $sample: { size: SAMPLE } }, { $sort: { _id: 1 } }]).toArray();
    const found = {};
    sample.forEach((document) => fields(document, "", found));
    const most = Math.max(rows, sample.length);
    const columns = Object.keys(found).sort().map((each) => column(each, found[each], sample.length, most));
    return { table: name, rows, columns };
  };
  const names = db.getCollectionInfos().filter((each) => each.type !== "view" && !each.name.startsWith("system."));
  print(JSON.stringify({ format: "harness.statistics/1", tables: names.map((each) => each.name).sort().map(table) }));
})();
