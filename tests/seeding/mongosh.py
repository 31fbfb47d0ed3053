"""As much of mongosh as the statistics of production need: a script in V8 that asks a real server.

V8 has no way to wait for Python here. So a call that has no answer yet ends the script; the server is asked, and the
script is run again with all answers there are: it asks the same in the same order each time.
"""

import json
from typing import Any

from bson import json_util
from py_mini_racer import JSEvalException, MiniRacer
from pymongo import MongoClient

SHELL = """
const printed = [];
const answers = ANSWERS;
const revived = (value) => {
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  if ("$oid" in value) return { _bsontype: "ObjectId", toHexString: () => value.$oid };
  if ("$date" in value) return new Date(Number(value.$date.$numberLong));
  if ("$numberInt" in value) return Number(value.$numberInt);
  if ("$numberDouble" in value) return Number(value.$numberDouble);
  if ("$numberLong" in value) return { _bsontype: "Long", toString: () => value.$numberLong };
  if ("$numberDecimal" in value) return { _bsontype: "Decimal128", toString: () => value.$numberDecimal };
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, revived(each)]));
};
const ask = (...call) => {
  const wanted = JSON.stringify(call);
  if (!(wanted in answers)) throw new Error("ASK" + wanted);
  return revived(answers[wanted]);
};
const print = (text) => printed.push(text);
const db = {
  getCollectionInfos: () => ask("infos"),
  getCollection: (name) => ({
    estimatedDocumentCount: () => ask("count", name),
    aggregate: (pipeline) => ({ toArray: () => ask("aggregate", name, pipeline) }),
  }),
};
"""


def printed(client: MongoClient[Any], database: str, script: str) -> str:
    """What a script prints on a database."""
    answers: dict[str, Any] = {}
    for _ in range(100):
        machine = MiniRacer()
        try:
            shell = SHELL.replace("ANSWERS", json.dumps(answers))
            return str(machine.eval(f'{shell}\n{script}\nprinted.join("\\n")'))
        except JSEvalException as error:
            if "ASK" not in str(error):
                raise
            wanted, _ = json.JSONDecoder().raw_decode(str(error).partition("ASK")[2])
            said = json_util.dumps(_asked(client, database, wanted), json_options=json_util.CANONICAL_JSON_OPTIONS)
            answers[json.dumps(wanted, separators=(",", ":"), ensure_ascii=False)] = json.loads(said)
    raise AssertionError("the script asks without end")


def _asked(client: MongoClient[Any], database: str, call: list[Any]) -> Any:
    match call:
        case ["infos"]:
            return [{"name": each["name"], "type": each["type"]} for each in client[database].list_collections()]
        case ["count", name]:
            return client[database][name].estimated_document_count()
        case ["aggregate", name, pipeline]:
            return list(client[database][name].aggregate(pipeline))
    raise AssertionError(call)
