// What a script calls: methods of `db`, of collections and of cursors, recorded and not run.

const FRAME = /statement\.js:(\d+):\d+/;

function line() {
  const limit = NativeError.stackTraceLimit;
  NativeError.stackTraceLimit = 60;
  const found = FRAME.exec(String(new NativeError().stack));
  NativeError.stackTraceLimit = limit;
  return found ? Number(found[1]) : 0;
}

function record(method, collection, given, session) {
  if (waiting) throw new Waiting("waiting for a result");
  if (calls.length >= MOST_CALLS) throw new RangeError(`more than ${MOST_CALLS} calls`);
  const call = { m: method, c: collection, a: given.map((each) => encoded(each)), h: [], l: line(), w: false, s: session };
  size += json(call.a).length;
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

const CURSORS = new Set(["find", "aggregate", "explain", "watch"]);
const LISTS = new Set(["toArray", "forEach", "map", "itcount", "next", "hasNext", "tryNext"]);
const COUNTS = new Set(["count", "size"]);
const results = new WeakMap();

// A result that the script may never look at: the server's reply to a write.
function value(call, get) {
  const own = (name) => getOwnPropertyDescriptor(Object(get()), name);
  const result = new Proxy({}, {
    get(_, name) {
      if (name === "then" || name === "toJSON") return undefined;
      const found = get();
      if (name === Symbol.toPrimitive) return () => found;
      const property = found?.[name];
      return typeof property === "function" ? property.bind(found) : property;
    },
    has: (_, name) => name in Object(get()),
    ownKeys: () => Reflect.ownKeys(Object(get())),
    getOwnPropertyDescriptor: (_, name) => (own(name) ? { ...own(name), configurable: true } : undefined),
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
  const itself = new Proxy({}, {
    get(_, name) {
      if (name === "then" || name === "toJSON") return undefined;
      if (name === Symbol.iterator) return () => (asked(call) ?? [])[Symbol.iterator]();
      if (typeof name === "symbol") return undefined;
      if (name === "isClosed" || name === "isExhausted") return () => true; // of a stream nothing more is waited for
      return (...given) => {
        if (LISTS.has(name)) return listed(call, name, given, state);
        if (waiting) throw new Waiting("waiting for a result");
        if (call.h.length >= MOST_LINKS) throw new RangeError(`more than ${MOST_LINKS} methods of one cursor`);
        call.h.push([String(name), given.map((each) => encoded(each))]);
        if (COUNTS.has(name)) return asked(call);
        return name === "explain" ? value(call, () => asked(call)) : itself;
      };
    },
  });
  results.set(itself, () => asked(call) ?? []);
  return itself;
}

// The driver gives documents their ids, and not the server.
function identified(document) {
  if (document === null || typeof document !== "object" || isArray(document) || branded(document)) return document;
  return "_id" in document ? document : { _id: ObjectId(), ...document };
}

function inserted(method, collection, given, session) {
  const many = isArray(given[0]);
  const documents = many ? given[0].map(identified) : identified(given[0]);
  record(method, collection, [documents, ...given.slice(1)], session);
  const ids = (many ? documents : [documents]).map((each) => each?._id);
  return { acknowledged: true, insertedCount: ids.length, insertedId: ids[0], insertedIds: { ...ids } };
}

const INSERTS = new Set(["insertOne", "insertMany", "insert"]);

// What is called for its result, which may be null and is a value like any other.
const WANTED = new Set([
  "findOne", "count", "countDocuments", "estimatedDocumentCount", "distinct", "findAndModify", "findOneAndUpdate",
  "findOneAndReplace", "findOneAndDelete", "getIndexes", "getCollectionNames", "getCollectionInfos",
]);

function called(method, collection, given, session) {
  if (collection && INSERTS.has(method)) return inserted(method, collection, given, session);
  const call = record(method, collection, given, session);
  if (CURSORS.has(method)) return cursor(call);
  return WANTED.has(method) ? asked(call) : value(call, () => asked(call));
}

const paths = new WeakSet();

function collection(parts, session) {
  const itself = new Proxy(function () {}, {
    get(_, name) {
      if (typeof name === "symbol" || name === "then" || name === "toJSON") return undefined;
      if (name === "getName") return () => parts.join(".");
      if (name === "getFullName") return () => `test.${parts.join(".")}`;
      if (name === "toString") return () => parts.join(".");
      if (name === "getDB") return () => database(session);
      if (BULKS.has(name)) return () => bulk(parts.join("."), session, BULKS.get(name));
      return collection([...parts, String(name)], session);
    },
    set: () => { throw new TypeError(`db.${parts.join(".")} cannot be assigned to`); },
    apply: (_, self, given) => called(parts.at(-1), parts.slice(0, -1).join("."), given, session),
  });
  paths.add(itself);
  return itself;
}

const NODE = "db.collection() is of Node's driver: mongosh has db.getCollection()";

function database(session) {
  const itself = new Proxy(function () {}, {
    get(_, name) {
      if (typeof name === "symbol" || name === "then" || name === "toJSON") return undefined;
      if (name === "getName" || name === "toString") return () => "test";
      if (name === "getCollection") return (given) => collection([String(given)], session);
      if (name === "getMongo") return () => connection;
      if (name === "getSession") return () => opened.get(session);
      if (name === "collection") return () => { throw new TypeError(NODE); };
      return collection([String(name)], session);
    },
    set: () => { throw new TypeError("db cannot be assigned to"); },
    apply: () => { throw new TypeError("db is no function"); },
  });
  return itself;
}

function elsewhere(name) {
  return new Proxy({}, {
    get: (_, method) => () => { throw new TypeError(`${name}.${String(method)}() is about several servers, and is not run here`); },
  });
}
