// What the script sees, and what it does not; and what the evaluator sees.

const db = database(0);
const nothing = () => undefined;
function another(name) {
  return function () { throw new TypeError(`${name}() connects to another server, and is not run here`); };
}
const seen = {
  db, ObjectId, ISODate, UUID, HexData, BinData, Timestamp, MinKey, MaxKey, Code, DBRef, Double, Int32, Long, Decimal128,
  NumberLong: Long, NumberInt: Int32, NumberDecimal: Decimal128, ObjectID: ObjectId, BSONRegExp: RegExp, Date: FixedDate,
  print: nothing, printjson: nothing, sleep: nothing, console: freeze({ log: nothing, info: nothing, warn: nothing, error: nothing }),
  rs: elsewhere("rs"), sh: elsewhere("sh"), Mongo: another("Mongo"), connect: another("connect"), tojson: quote,
};
for (const name of keys(seen)) defineProperty(globalThis, name, { value: seen[name], writable: true, configurable: true });
for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "setTimeout", "clearTimeout", "__timer_manager"]) {
  globalThis[name] = undefined; // some of them cannot be deleted
}
defineProperty(Math, "random", { value: random });
protect({ prototype: Math });
protect({ prototype: Reflect });
for (const name of [
  "Array", "BigInt", "Function", "Map", "Math", "Number", "Object", "Promise", "Proxy", "RangeError", "Reflect", "RegExp",
  "Set", "String", "Symbol", "TypeError", "WeakMap", "WeakSet", "isNaN", "parseInt",
]) {
  defineProperty(globalThis, name, { writable: false, configurable: false });
}

function begin(text) {
  ({ clock, answers } = parse(text));
}
// Before each statement: ids are by the statement that makes them.
function next(text, fresh) {
  machine = text;
  seed = parseInt(text.slice(0, 8), 16) | 0;
  counter = 0;
  starts = fresh ? calls.length : starts;
  return waiting;
}
const taken = () => json(calls.slice(starts).map(({ m, c, a, h, l, w, s }) => ({ m, c, a, h, l, w, s })));
const control = freeze({ begin, next, taken, waiting: () => waiting, split: (text) => json(split(text)) });
return control;
