// Sessions and their transactions: what is called on a session's collections carries its number.

const opened = new Map();
const kept = new WeakMap(); // what cannot be stored, and what to do instead
const INSTEAD = "a session is no value: in mongosh its collections are those of session.getDatabase(db.getName())";

function session() {
  const number = ++sessions;
  const said = (method, ...given) => { record(method, "", given, number); };
  const itself = {
    startTransaction: (options) => said("startTransaction", ...(options === undefined ? [] : [options])),
    commitTransaction: () => said("commitTransaction"),
    abortTransaction: () => said("abortTransaction"),
    endSession: () => said("endSession"),
    getDatabase: () => database(number),
    withTransaction(work, options) {
      itself.startTransaction(options);
      const result = work(itself);
      if (typeof result?.then === "function") return result.then((found) => (itself.commitTransaction(), found));
      itself.commitTransaction();
      return result;
    },
  };
  opened.set(number, itself);
  kept.set(itself, INSTEAD);
  return itself;
}

const silent = () => undefined;
const connection = freeze({
  startSession: session, getDB: () => db, getReadPrefMode: silent, setReadPref: silent, setReadConcern: silent,
  setWriteConcern: silent, toString: () => "mongodb",
});
