// What is recorded, and what all the rest is made of. A script could change the engine's own objects, and with them what
// records it: what they have stays as it is, and nothing is added to what everything inherits from.

const { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, keys, freeze } = Object;
const { isArray } = Array;
const MOMENT = Date;
const moment = (value) => MOMENT.prototype.getTime.call(value);
const NativeError = Error;
const quote = JSON.stringify;
const { parse } = JSON;

const DEEPEST = 180; // the server takes documents of 100 levels
const MOST_CALLS = 20000;
const MOST_LINKS = 1000;
const MOST_ELEMENTS = 1 << 20;
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
let sessions = 0;

class Waiting extends NativeError {}

// Objects that inherit may still have a member of their own with the same name, which a value that is merely not
// writable forbids.
function fix(prototype, name, { value }) {
  defineProperty(prototype, name, {
    get: () => value,
    set(given) {
      if (this !== prototype) defineProperty(this, name, { value: given, writable: true, enumerable: true, configurable: true });
    },
    configurable: false,
  });
}

function protect(of) {
  for (const each of [of, of.prototype]) {
    for (const name of each ? Reflect.ownKeys(each) : []) {
      const found = getOwnPropertyDescriptor(each, name);
      if (!found.configurable) continue;
      if (each === of || !("value" in found) || typeof name === "symbol") {
        defineProperty(each, name, { ...found, configurable: false, ...("value" in found ? { writable: false } : {}) });
      } else {
        fix(each, name, found);
      }
    }
  }
}

for (const of of [Array, BigInt, Boolean, Date, Map, Number, Object, Promise, RegExp, Set, String, Symbol, WeakMap, WeakSet]) {
  protect(of);
}
protect({ prototype: Function.prototype });
protect({ prototype: getPrototypeOf([][Symbol.iterator]()) });
Object.preventExtensions(Object.prototype);
