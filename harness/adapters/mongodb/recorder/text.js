// Values as text that names their types, and back: see `wire`.

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
  if (isArray(value) && value.length > MOST_ELEMENTS) throw new RangeError(`an array has ${value.length} elements`);
  if (isArray(value)) return { a: value.map((each) => encoded(each, depth + 1)) };
  if (value instanceof Map) return { o: [...value].flatMap(([key, each]) => [String(key), encoded(each, depth + 1)]) };
  if (kept.has(value)) throw new TypeError(kept.get(value));
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

// JSON of what was encoded. Not by the engine's own way, which asks every object for its toJSON().
function json(value) {
  if (value === null || typeof value !== "object") return quote(value);
  if (isArray(value)) return `[${value.map(json).join(",")}]`;
  return `{${keys(value).map((name) => `${quote(name)}:${json(value[name])}`).join(",")}}`;
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
