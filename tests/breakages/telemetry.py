"""Ways to break ``designs/telemetry.md``, one at a time."""

# ruff: noqa: E501  (the edits are pieces of the document)
from tests.breakages.fault import Fault

FAULTS = (
    Fault("a script does not parse", "up-applies", 'db.settings.insertMany(settings;', (("db.settings.insertMany(settings);", "db.settings.insertMany(settings;"),), alone=True),
    Fault("an up names a variable that is not there", "up-applies", "insertMany(setting)", (("db.settings.insertMany(settings);", "db.settings.insertMany(setting);"),), alone=True),
    Fault("a script never ends", "up-applies", "while (true) {}", (("db.settings.insertMany(settings);", "while (true) {}"),), alone=True),
    Fault("a script reaches for the process", "up-applies", "constructor", (("db.settings.insertMany(settings);", 'db.constructor.constructor("return process")();'),), alone=True),
    Fault("a down forgets an index", "round-trip-exact", 'db.settings.updateMany({ span: { $exists: true } }', (('db.alerts.dropIndex("alerts_status_time");\n', ""),)),
    Fault("a down forgets a collection", "round-trip-exact", "for (const name of", (('["alerts", "readings", "devices", "sites"]', '["alerts", "readings", "devices"]'),)),
    Fault("a down loses what the up rewrote", "round-trip-exact", 'db.alerts.dropIndex("alerts_status_time")', (('{ $set: { days: "$span.amount", unit: "$span.unit" } }', '{ $set: { days: NumberInt(0), unit: "$span.unit" } }'),), also=("rollback-keeps-data",)),
    Fault("a down changes the type of a value", "round-trip-exact", 'db.alerts.dropIndex("alerts_status_time")', (('days: "$span.amount"', 'days: { $toDouble: "$span.amount" }'),), also=("rollback-keeps-data",)),
    Fault("a down drops an index of another name", "down-applies", 'dropIndex("alerts_status")', (('dropIndex("alerts_status_time")', 'dropIndex("alerts_status")'),)),
    Fault("a migration has no down", "down-exists", "### Migration 002", (("**Down:**\n```javascript\ndb.settings.drop();\n```\n", ""),), severity="warning"),
    Fault("the list says unique, the script does not", "indexes-agree", "- `devices_site_status`", (("- `devices_site_status` `{ siteId: 1, status: 1 }`", "- `devices_site_status` `{ siteId: 1, status: 1 }` unique"),)),
    Fault("the list gives another order of keys", "indexes-agree", "- `alerts_status_time`", (("- `alerts_status_time` `{ status: 1, openedAt: -1 }`", "- `alerts_status_time` `{ openedAt: -1, status: 1 }`"),)),
    Fault("the list names an index that nobody makes", "indexes-agree", "- `devices_model`", (("- `devices_site_status` `{", "- `devices_model` `{ model: 1 }` - by model\n- `devices_site_status` `{"),)),
    Fault("the script forgets that an index is partial", "indexes-agree", "- `alerts_one_open`", ((', partialFilterExpression: { status: "open" } }', " }"),)),
    Fault("a reference is of another type", "relationships-agree", "| deviceId | ObjectId |", (('deviceId: { bsonType: "objectId" },\n      rule:', 'deviceId: { bsonType: "string" },\n      rule:'),), also=("columns-agree",)),
    Fault("a validator only warns", "constraint-enforced", "### Collection: alerts", (('      openedAt: { bsonType: "date" }\n    }\n  } }\n', '      openedAt: { bsonType: "date" }\n    }\n  } },\n  validationAction: "warn"\n'),)),
    Fault("a query names a collection that is not there", "query-runs", "db.device.find", (('db.devices.find({ serial', 'db.device.find({ serial'), ("- `devices_serial` for the number (O(log n))\n", ""))),
    Fault("a query uses an operator that there is not", "query-runs", "db.alerts.find({ status: { $is", (('db.alerts.find({ status: "open" })', 'db.alerts.find({ status: { $is: "open" } })'), ("- `alerts_status_time` for the filter and the order\n", ""), ("- `alerts_status_time` `{ status: 1, openedAt: -1 }`", "- `alerts_status_time` `{ status: 1, openedAt: -1 }`"))),
    Fault("a query goes around its index", "index-used", "- `devices_serial` for the number", (('db.devices.find({ serial: "SN-0042" })', 'db.devices.find({ model: "SN-0042" })'),), also=("index-serves",)),
    Fault("a query is said to use an index that nobody makes", "index-used", "- `idx_sites` for the site", (("- `sites_code` for the site", "- `idx_sites` for the site"),)),
    Fault("a target cannot be met", "within-target", "**Performance:** < 0.001ms", (("**Performance:** < 10ms for", "**Performance:** < 0.001ms for"),)),
    Fault("an index is the beginning of another", "index-not-redundant", "- `readings_device`", (("- `readings_expiry` `{", "- `readings_device` `{ deviceId: 1 }` - by device\n- `readings_expiry` `{"), ("db.readings.createIndex({ takenAt: 1 }", 'db.readings.createIndex({ deviceId: 1 }, { name: "readings_device" });\ndb.readings.createIndex({ takenAt: 1 }')), severity="warning"),
    Fault("an index serves nothing", "index-needed", "- `devices_model`", (("- `devices_site_status` `{", "- `devices_model` `{ model: 1 }` - by model\n- `devices_site_status` `{"), ("db.devices.createIndex({ siteId: 1", 'db.devices.createIndex({ model: 1 }, { name: "devices_model" });\ndb.devices.createIndex({ siteId: 1')), severity="warning"),
    Fault("a collection has no purpose", "document-complete", "### Collection: sites", (("**Purpose:** One document for each place with devices.\n", ""),), severity="warning"),
    Fault("a validator wants another type than the table", "columns-agree", "| model | string |", (("      model: { bsonType: \"string\" },", "      model: { bsonType: \"int\" },"),)),
    Fault("a validator lets in what the table rules out", "columns-agree", "| severity | enum('info', 'warning', 'critical') |", (('severity: { enum: ["info", "warning", "critical"] }', 'severity: { bsonType: "string" }'),)),
    Fault("a validator forgets that a field is needed", "columns-agree", "| value | double |", (('required: ["deviceId", "metric", "value", "takenAt"]', 'required: ["deviceId", "metric", "takenAt"]'),)),
    Fault("a validator of embedded documents names a field otherwise", "columns-agree", "| channels[].unit | string |", (('properties: { metric: { bsonType: "string" }, unit: { bsonType: "string" } }', 'properties: { metric: { bsonType: "string" }, units: { bsonType: "string" } }'),)),
    Fault("documents go later than the list says", "indexes-agree", "- `readings_expiry`", (("expireAfterSeconds: 90 * 24 * 3600", "expireAfterSeconds: 900 * 24 * 3600"),)),
    Fault("a query makes an array longer without end", "arrays-bounded", "| channels | object[] |", (("$slice: -8 }", "$position: 0 }"), ("        maxItems: 8,\n", ""), ("What it measures, at most eight", "What it measures")), severity="warning"),
    Fault("an array may be longer than the table says", "columns-agree", "| channels | object[] |", (("        maxItems: 8,\n", "        maxItems: 80,\n"),)),
)  # fmt: skip
