// Values of BSON that JavaScript has not, by the names that mongosh gives them.

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
  if (!/^[0-9a-f]{24}$/i.test(text)) throw new TypeError(`ObjectId(${quote(text)}): it needs 24 hexadecimal digits`);
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
    throw new TypeError(`${name}(${quote(String(given))}): it needs a whole number`);
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
    throw new TypeError(`NumberDecimal(${quote(text)}): it needs a number`);
  }
  return made(Decimal128, "n", text, text);
}
Long.fromNumber = Long.fromString = (given) => Long(given);
Decimal128.fromString = (given) => Decimal128(given);

function binary(of, subtype, text) { return made(of, "b", [subtype, text], text); }
function UUID(given) {
  const digits = given === undefined ? machine + hex(clock, 12) + hex(counter++, 10) : String(given).replace(/-/g, "");
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new TypeError(`UUID(${quote(String(given))}): it needs 32 hexadecimal digits`);
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
  if (isNaN(moment(found))) throw new RangeError(`ISODate(${quote(text)}): it is no date`);
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
