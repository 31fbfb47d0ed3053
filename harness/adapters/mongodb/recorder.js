// What a script finds in its sandbox: mongosh's `db` and constructors, which record and do nothing.
//
// Loaded before the script, in a context of its own. Everything that a script could change is taken before it runs.
(() => {
  "use strict";

  const { stringify, parse } = JSON;
  const { defineProperty, getPrototypeOf, keys, freeze } = Object;
  const { isArray } = Array;
  const apply = Reflect.apply;
  const MOMENT = Date;
  const moment = (value) => MOMENT.prototype.getTime.call(value);
  const NativeError = Error;

  const DEEPEST = 180; // the server takes documents of 100 levels
  const MOST_CALLS = 20000;
  const LONGEST = 32 << 20;

  let clock = 0;
  let machine = "0000000000";
  let counter = 0;
  let seed = 1;
  let calls = [];
  let size = 0;
  let answers = [];
  let used = 0;
  let waiting = false;
  let starts = 0;

  class Waiting extends NativeError {}

  // ---- values of BSON that JavaScript has not -------------------------------------------------------------------

  const brand = new WeakMap();
  const branded = WeakMap.prototype.get.bind(brand);

  function made(of, kind, value, text) {
    const result = Object.create(of.prototype);
    brand.set(result, { [kind]: value });
    defineProperty(result, "toString", { value: () => text });
    defineProperty(result, "valueOf", { value: () => (kind === "i" || kind === "f" || kind === "l" ? Number(text) : text) });
    return result;
  }

  const hex = (value, digits) => value.toString(16).padStart(digits, "0");

  function ObjectId(given) {
    if (given === undefined) {
      const text = hex(Math.floor(clock / 1000), 8) + machine + hex(counter++ % 0x1000000, 6);
      return made(ObjectId, "oid", text, text);
    }
    if (typeof given === "number") {
      const text = hex(given >>> 0, 8) + machine + hex(counter++ % 0x1000000, 6);
      return made(ObjectId, "oid", text, text);
    }
    const text = String(given);
    if (!/^[0-9a-f]{24}$/i.test(text)) throw new TypeError(`ObjectId(${stringify(text)}): it needs 24 hexadecimal digits`);
    return made(ObjectId, "oid", text.toLowerCase(), text.toLowerCase());
  }
  ObjectId.createFromHexString = (text) => ObjectId(text);
  ObjectId.createFromTime = (seconds) => ObjectId(hex(seconds >>> 0, 8) + "0".repeat(16));
  ObjectId.isValid = (text) => /^[0-9a-f]{24}$/i.test(String(text));
  ObjectId.prototype.toHexString = function () { return this.toString(); };
  ObjectId.prototype.equals = function (other) { return this.toString() === String(other); };
  ObjectId.prototype.getTimestamp = function () { return new MOMENT(parseInt(this.toString().slice(0, 8), 16) * 1000); };

  function whole(given, name, bits) {
    let value;
    try {
      value = BigInt(typeof given === "number" ? Math.trunc(given) : given === undefined ? 0 : String(given));
    } catch {
      throw new TypeError(`${name}(${stringify(String(given))}): it needs a whole number`);
    }
    if (BigInt.asIntN(bits, value) !== value) throw new RangeError(`${name}(${value}): it does not fit in ${bits} bits`);
    return value.toString();
  }
  function Long(given) { const text = whole(given, "NumberLong", 64); return made(Long, "l", text, text); }
  function Int32(given) { const text = whole(given, "NumberInt", 32); return made(Int32, "i", text, text); }
  function Double(given) { const text = String(Number(given)); return made(Double, "f", text, text); }
  function Decimal128(given) {
    const text = given === undefined ? "0" : String(given);
    if (!/^[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf(inity)?|nan)$/i.test(text)) {
      throw new TypeError(`NumberDecimal(${stringify(text)}): it needs a number`);
    }
    return made(Decimal128, "n", text, text);
  }
  Long.fromNumber = Long.fromString = (given) => Long(given);
  Decimal128.fromString = (given) => Decimal128(given);

  function binary(of, subtype, text) { return made(of, "b", [subtype, text], text); }
  function UUID(given) {
    const digits = given === undefined ? machine + hex(clock, 12) + hex(counter++, 10) : String(given).replace(/-/g, "");
    if (!/^[0-9a-f]{32}$/i.test(digits)) throw new TypeError(`UUID(${stringify(String(given))}): it needs 32 hexadecimal digits`);
    return binary(UUID, 4, digits.toLowerCase());
  }
  function HexData(subtype, digits) {
    if (!/^([0-9a-f]{2})*$/i.test(String(digits))) throw new TypeError("HexData(): it needs pairs of hexadecimal digits");
    return binary(HexData, Number(subtype) & 255, String(digits).toLowerCase());
  }
  function BinData(subtype, base64) {
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(String(base64))) throw new TypeError("BinData(): it needs base64");
    return made(BinData, "b64", [Number(subtype) & 255, String(base64)], String(base64));
  }
  function Timestamp(first, second) {
    const pair = first && typeof first === "object" ? [first.t, first.i] : [first, second];
    const numbers = pair.map((each) => Number(each ?? 0) >>> 0);
    return made(Timestamp, "ts", numbers, `Timestamp(${numbers})`);
  }
  function MinKey() { return made(MinKey, "min", 1, "MinKey"); }
  function MaxKey() { return made(MaxKey, "max", 1, "MaxKey"); }
  function Code(text) { return made(Code, "code", String(text), String(text)); }
  function DBRef(collection, id) { return { $ref: collection, $id: id }; }

  function ISODate(given) {
    if (given === undefined) return new MOMENT(clock);
    const text = String(given).trim();
    const whole = /^\d{4}-\d\d-\d\d[ T]\d\d(:\d\d(:\d\d(\.\d+)?)?)?$/.test(text) ? text.replace(" ", "T") + "Z" : text;
    const found = new MOMENT(/T\d\dZ$/.test(whole) ? whole.replace("Z", ":00Z") : whole);
    if (isNaN(moment(found))) throw new RangeError(`ISODate(${stringify(text)}): it is no date`);
    return found;
  }

  // One evaluation has one time, so that evaluating a script again gives the same calls.
  const FixedDate = new Proxy(MOMENT, {
    construct: (target, given, self) => Reflect.construct(target, given.length ? given : [clock], self),
    apply: () => new MOMENT(clock).toString(),
    get: (target, name) => (name === "now" ? () => clock : Reflect.get(target, name)),
  });

  function random() {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  // ---- values as text --------------------------------------------------------------------------------------------

  function number(value) {
    const small = Number.isInteger(value) && value >= -2147483648 && value <= 2147483647 && !Object.is(value, -0);
    return small ? value : { f: Object.is(value, -0) ? "-0.0" : String(value) };
  }

  function object(value, depth) {
    const special = branded(value);
    if (special !== undefined) return special;
    const lazy = results.get(value);
    if (lazy !== undefined) return encoded(lazy(), depth);
    if (value instanceof MOMENT) {
      if (isNaN(moment(value))) throw new TypeError("a date in it is no date");
      return { d: moment(value) };
    }
    if (value instanceof RegExp) return { r: [value.source, value.flags] };
    if (isArray(value)) return { a: value.map((each) => encoded(each, depth + 1)) };
    if (value instanceof Map) return { o: [...value].flatMap(([key, each]) => [String(key), encoded(each, depth + 1)]) };
    return { o: keys(value).flatMap((key) => [key, encoded(value[key], depth + 1)]) };
  }

  function encoded(value, depth = 0) {
    if (depth > DEEPEST) throw new RangeError("a value is nested too deep, or in itself");
    switch (typeof value) {
      case "undefined": return null;
      case "boolean": case "string": return value;
      case "number": return number(value);
      case "bigint": return { l: whole(value, "bigint", 64) };
      case "object": return value === null ? null : object(value, depth);
      case "function": {
        if (paths.has(value)) throw new TypeError("a collection is no value: one of its methods has to be called");
        if (value === MinKey || value === MaxKey) return branded(value());
        return { code: Function.prototype.toString.call(value) };
      }
      default: throw new TypeError(`a ${typeof value} cannot be stored`);
    }
  }

  function decoded(value) {
    if (value === null || typeof value !== "object") return value;
    const kind = keys(value)[0];
    const said = value[kind];
    switch (kind) {
      case "a": return said.map(decoded);
      case "o": {
        const result = {};
        for (let i = 0; i < said.length; i += 2) {
          defineProperty(result, said[i], { value: decoded(said[i + 1]), writable: true, enumerable: true, configurable: true });
        }
        return result;
      }
      case "f": return Number(said);
      case "l": return Long(said);
      case "n": return Decimal128(said);
      case "oid": return ObjectId(said);
      case "d": return new MOMENT(said);
      case "r": return new RegExp(said[0], said[1]);
      case "b": return said[0] === 4 ? UUID(said[1]) : HexData(said[0], said[1]);
      case "ts": return Timestamp(said[0], said[1]);
      case "min": return MinKey();
      case "max": return MaxKey();
      default: return null;
    }
  }

  // ---- calls -----------------------------------------------------------------------------------------------------

  const FRAME = /statement\.js:(\d+):\d+/;

  function line() {
    const limit = NativeError.stackTraceLimit;
    NativeError.stackTraceLimit = 60;
    const found = FRAME.exec(String(new NativeError().stack));
    NativeError.stackTraceLimit = limit;
    return found ? Number(found[1]) : 0;
  }

  function record(method, collection, given) {
    if (waiting) throw new Waiting("waiting for a result");
    if (calls.length >= MOST_CALLS) throw new RangeError(`more than ${MOST_CALLS} calls`);
    const call = { m: method, c: collection, a: given.map((each) => encoded(each)), h: [], l: line(), w: false };
    size += stringify(call.a).length;
    if (size > LONGEST) throw new RangeError("the script's documents are too large altogether");
    calls.push(call);
    return call;
  }

  // The result of a call is asked for only when the script looks at it.
  function asked(call) {
    if (waiting) throw new Waiting("waiting for a result");
    if (!("answer" in call)) {
      if (used >= answers.length) {
        call.w = true;
        calls = calls.slice(0, calls.indexOf(call) + 1);
        waiting = true;
        throw new Waiting("waiting for a result");
      }
      call.answer = decoded(answers[used++]);
    }
    return call.answer;
  }

  const CURSORS = new Set(["find", "aggregate", "explain"]);
  const LISTS = new Set(["toArray", "forEach", "map", "itcount", "next", "hasNext", "tryNext"]);
  const COUNTS = new Set(["count", "size"]);
  const results = new WeakMap();

  function value(call, get) {
    const result = new Proxy(function () {}, {
      get(_, name) {
        if (name === "then" || name === "toJSON") return undefined;
        const found = get();
        if (name === Symbol.toPrimitive) return () => found;
        const property = found?.[name];
        return typeof property === "function" ? property.bind(found) : property;
      },
      has: (_, name) => name in Object(get()),
      ownKeys: () => Reflect.ownKeys(Object(get())),
      apply: () => { throw new TypeError(`the result of ${call.m}() is no function`); },
    });
    results.set(result, get);
    return result;
  }

  function listed(call, name, given, state) {
    const all = asked(call) ?? [];
    switch (name) {
      case "toArray": return all;
      case "forEach": return all.forEach((each) => given[0](each));
      case "map": return all.map((each) => given[0](each));
      case "itcount": return all.length;
      case "hasNext": return state.at < all.length;
      default: return all[state.at++] ?? null;
    }
  }

  function cursor(call) {
    const state = { at: 0 };
    const itself = new Proxy(function () {}, {
      get(_, name) {
        if (name === "then" || name === "toJSON") return undefined;
        if (name === Symbol.iterator) return () => (asked(call) ?? [])[Symbol.iterator]();
        if (typeof name === "symbol") return undefined;
        return (...given) => {
          if (name === "toArray") return value(call, () => asked(call) ?? []);
          if (LISTS.has(name)) return listed(call, name, given, state);
          if (waiting) throw new Waiting("waiting for a result");
          call.h.push([String(name), given.map((each) => encoded(each))]);
          return COUNTS.has(name) || name === "explain" ? value(call, () => asked(call)) : itself;
        };
      },
      apply: () => { throw new TypeError(`the result of ${call.m}() is no function`); },
    });
    results.set(itself, () => asked(call) ?? []);
    return itself;
  }

  // The driver gives documents their ids, and not the server.
  function identified(document) {
    if (document === null || typeof document !== "object" || isArray(document) || branded(document)) return document;
    return "_id" in document ? document : { _id: ObjectId(), ...document };
  }

  function inserted(method, collection, given) {
    const many = isArray(given[0]);
    const documents = many ? given[0].map(identified) : identified(given[0]);
    record(method, collection, [documents, ...given.slice(1)]);
    const ids = (many ? documents : [documents]).map((each) => each?._id);
    return { acknowledged: true, insertedCount: ids.length, insertedId: ids[0], insertedIds: { ...ids } };
  }

  const INSERTS = new Set(["insertOne", "insertMany", "insert"]);

  function called(method, collection, given) {
    if (collection && INSERTS.has(method)) return inserted(method, collection, given);
    const call = record(method, collection, given);
    return CURSORS.has(method) ? cursor(call) : value(call, () => asked(call));
  }

  const paths = new WeakSet();

  function collection(parts) {
    const itself = new Proxy(function () {}, {
      get(_, name) {
        if (typeof name === "symbol" || name === "then" || name === "toJSON") return undefined;
        if (name === "getName") return () => parts.join(".");
        if (name === "getFullName") return () => `test.${parts.join(".")}`;
        if (name === "toString") return () => parts.join(".");
        return collection([...parts, String(name)]);
      },
      set: () => { throw new TypeError(`db.${parts.join(".")} cannot be assigned to`); },
      apply: (_, self, given) => called(parts.at(-1), parts.slice(0, -1).join("."), given),
    });
    paths.add(itself);
    return itself;
  }

  const NODE = "db.collection() is of Node's driver: mongosh has db.getCollection()";
  const db = new Proxy(function () {}, {
    get(_, name) {
      if (typeof name === "symbol" || name === "then" || name === "toJSON") return undefined;
      if (name === "getName" || name === "toString") return () => "test";
      if (name === "getCollection") return (given) => collection([String(given)]);
      if (name === "collection") return () => { throw new TypeError(NODE); };
      return collection([String(name)]);
    },
    set: () => { throw new TypeError("db cannot be assigned to"); },
    apply: () => { throw new TypeError("db is no function"); },
  });

  function elsewhere(name) {
    return new Proxy({}, {
      get: (_, method) => () => { throw new TypeError(`${name}.${String(method)}() is about several servers, and is not run here`); },
    });
  }

  // ---- statements, cut by the engine's own parser -----------------------------------------------------------------

  function parses(text) {
    try {
      new Function(text);
      return true;
    } catch {
      return false;
    }
  }

  const TRIVIA = /^(?:\s+|\/\/[^\n]*|\/\*[^]*?\*\/|;|(?:use|show)[ \t]+[\w-]+[ \t]*;?[ \t]*(?=\n|$))+/;
  const GOES_ON = /^(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*(?:[.,(\[`?:=+\-*\/%&|^<>]|(?:else|catch|finally|instanceof|in|of)\b)/;
  const BEGINS = /\n(?=(?:db\.|const |let |var |function |for ?\(|if ?\(|\/\/|\/\*|use |show ))/g;

  // Whether code may end here: a `;` or a line's end within a comment does not end anything.
  const isCode = (text, newline) => newline || !parses(text + "\u0001");

  function end(text, start) {
    const borders = /;|\n|$/g;
    borders.lastIndex = start;
    for (let found = borders.exec(text); found !== null; found = borders.exec(text)) {
      const at = found.index + (found[0] === ";" ? 1 : 0);
      const piece = text.slice(start, at);
      const rest = text.slice(at);
      const closed = found[0] === ";" ? !/^\s*(?:else|catch|finally)\b/.test(rest) : !GOES_ON.test(rest);
      if (piece.trim() && closed && parses(piece) && isCode(piece, found[0] !== ";")) return at;
      if (found.index >= text.length) break;
    }
    BEGINS.lastIndex = start;
    return BEGINS.exec(text)?.index ?? text.length;
  }

  function split(text) {
    const spans = [];
    let at = 0;
    while (at < text.length) {
      at += TRIVIA.exec(text.slice(at))?.[0].length ?? 0;
      if (at >= text.length) break;
      const until = end(text, at);
      spans.push([at, until]);
      at = Math.max(until, at + 1);
    }
    return spans;
  }

  // ---- what the script sees, and what it does not -----------------------------------------------------------------

  const nothing = () => undefined;
  const seen = {
    db, ObjectId, ISODate, UUID, HexData, BinData, Timestamp, MinKey, MaxKey, Code, DBRef, Double, Int32, Long, Decimal128,
    NumberLong: Long, NumberInt: Int32, NumberDecimal: Decimal128, ObjectID: ObjectId, BSONRegExp: RegExp, Date: FixedDate,
    print: nothing, printjson: nothing, sleep: nothing, console: freeze({ log: nothing, info: nothing, warn: nothing, error: nothing }),
    rs: elsewhere("rs"), sh: elsewhere("sh"),
  };
  for (const name of keys(seen)) defineProperty(globalThis, name, { value: seen[name], writable: true, configurable: true });
  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "setTimeout", "clearTimeout", "__timer_manager"]) {
    globalThis[name] = undefined; // some of them cannot be deleted
  }
  defineProperty(Math, "random", { value: random });

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
  const taken = () => stringify(calls.slice(starts).map(({ m, c, a, h, l, w }) => ({ m, c, a, h, l, w })));
  const control = freeze({ begin, next, taken, waiting: () => waiting, split: (text) => stringify(split(text)) });
  return control;
})()
