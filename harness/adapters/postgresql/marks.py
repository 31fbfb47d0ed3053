"""Which catalogs the mark of a relation is made of: what ``inspect_changed.sql`` reads, written as a table.

Left out is what only changes together with what is there: arrays of types, aggregates (with their pg_proc), the
dependencies by which columns own sequences (ALTER SEQUENCE writes pg_sequence).
"""

from dataclasses import dataclass

OWN = 16384
"""FirstNormalObjectId: rows under it are the server's own, but for the namespace public (2200)."""


@dataclass(frozen=True, slots=True)
class Catalog:
    """A catalog that is looked at, as ``c``.

    Attributes:
        relation: whose mark a row is part of; 0 for that of all that belongs to no single relation.
        where: which rows.
        many: it has so many rows that the time for hashing counts; see ``_mark``.
        grouped: the rows of a relation are brought together here already, which is faster where they are many.
    """

    name: str
    relation: str = "0"
    where: str = ""
    many: bool = False
    grouped: bool = False


CATALOGS = (
    # The relations that belong to a type and to a table's long values (pg_toast_<oid>) have none of their own.
    Catalog(
        "pg_class",
        "CASE c.relkind WHEN 'c' THEN 0 WHEN 't' THEN substr(c.relname, 10)::oid ELSE c.oid END",
        f"c.oid >= {OWN}",
        many=True,
    ),
    Catalog("pg_attribute", "c.attrelid", f"c.attrelid >= {OWN} AND c.attnum > 0", many=True, grouped=True),
    Catalog("pg_attrdef", "c.adrelid", many=True),
    Catalog("pg_constraint", "c.conrelid", f"c.oid >= {OWN}", many=True),
    Catalog("pg_index", "c.indrelid", f"c.indexrelid >= {OWN}", many=True),
    Catalog("pg_sequence", "c.seqrelid", many=True),
    Catalog("pg_inherits", "c.inhrelid"),
    Catalog("pg_rewrite", "c.ev_class", f"c.oid >= {OWN} AND c.rulename = '_RETURN'"),
    Catalog("pg_partitioned_table", "c.partrelid"),
    Catalog("pg_foreign_table", "c.ftrelid"),
    Catalog(
        "pg_description",
        "CASE c.classoid WHEN 'pg_class'::regclass THEN c.objoid WHEN 'pg_constraint'::regclass "
        "THEN COALESCE((SELECT k.conrelid FROM pg_constraint k WHERE k.oid = c.objoid), 0) ELSE 0 END",
        f"c.objoid >= {OWN}",
    ),
    Catalog(
        "pg_type",
        "CASE c.typtype WHEN 'c' THEN c.typrelid ELSE 0 END",
        f"c.oid >= {OWN} AND NOT (c.typelem <> 0 AND c.typlen = -1)",
        many=True,
    ),
    Catalog("pg_description", where="c.objoid = 2200"),
    Catalog("pg_namespace"),
    Catalog("pg_proc", where=f"c.oid >= {OWN}"),
    Catalog("pg_enum"),
    Catalog("pg_range", where=f"c.rngtypid >= {OWN}"),
    Catalog("pg_trigger", where="NOT c.tgisinternal"),
    Catalog("pg_rewrite", where=f"c.oid >= {OWN} AND c.rulename <> '_RETURN'"),
    Catalog("pg_policy"),
    Catalog("pg_extension"),
    Catalog(
        "pg_depend",
        where="c.refclassid = 'pg_extension'::regclass AND c.refobjid = ANY (ARRAY (SELECT x.oid FROM pg_extension x))",
    ),
    *map(Catalog, ("pg_default_acl", "pg_db_role_setting", "pg_statistic_ext", "pg_publication", "pg_publication_rel")),
    *map(Catalog, ("pg_event_trigger", "pg_foreign_data_wrapper", "pg_foreign_server")),
    *(
        Catalog(name, where=f"c.oid >= {OWN}")
        for name in ("pg_operator", "pg_opclass", "pg_opfamily", "pg_amop", "pg_amproc", "pg_cast", "pg_collation")
    ),
    Catalog("pg_ts_config", where=f"c.oid >= {OWN}"),
    Catalog("pg_ts_config_map", where=f"c.mapcfg >= {OWN}"),
    Catalog("pg_ts_dict", where=f"c.oid >= {OWN}"),
    *map(Catalog, ("pg_language", "pg_am", "pg_tablespace")),
)


def marks() -> str:
    """A query for the mark of each row, or of each group of them, with its relation."""
    return "\n  UNION ALL\n  ".join(_marks(catalog, number) for number, catalog in enumerate(CATALOGS))


def _marks(catalog: Catalog, number: int) -> str:
    mark = _mark(number, many=catalog.many)
    where = f" WHERE {catalog.where}" if catalog.where else ""
    if catalog.grouped:
        grouped = f"bit_xor({mark}) FROM {catalog.name} c{where} GROUP BY {catalog.relation}"
        return f"SELECT {catalog.relation}, {grouped}"
    return f"SELECT {catalog.relation}, {mark} FROM {catalog.name} c{where}"


def _mark(number: int, *, many: bool) -> str:
    """A hash of a row version; its seed tells one catalog from another.

    age(xmin) counts from the passing transaction, and so is taken off the age of a fixed one: that is many times faster
    than any hash of an xid. The very first ids have no age: were they met, a mark would never be the same, and so it is
    used only where all rows are later ones.
    """
    if many:
        return f"hashtidextended(c.ctid, (SELECT now FROM clock) - age(c.xmin) + ({number}::bigint << 32))"
    return f"hash_record_extended(ROW(c.ctid, c.xmin), {number})"
