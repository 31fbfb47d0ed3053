"""What the columns of a Markdown table hold, by its header words, and so what the table is about."""

import re
from typing import Literal

from harness.design.names import bare

Role = Literal[
    "table", "name", "type", "constraints", "nullable", "required", "key", "default", "unique", "primary", "foreign",
    "description", "notes", "columns", "index", "method", "from", "to", "on delete", "on update", "cardinality",
    "predicate", "number", "values", "length",
]  # fmt: skip
TableKind = Literal["columns", "indexes", "relationships", "other"]

_WORDS: dict[Role, str] = {
    "table": "table, table name, tables, collection, entity, таблица, tabla, tabela, tablo, tabelle, 表, 表名",
    "name": (
        "column, field, name, field name, column name, attribute, property, columns name, col, fieldname, "
        "columnname, поле, столбец, колонка, имя, campo, columna, coluna, nombre, nome, alan, sütun, alan "
        "adı, kolon, spalte, feld, champ, colonne, nom, 字段, 字段名, 列名, カラム, カラム名, 컬럼, 列, 字段名称, 名称"
    ),
    "type": (
        "type, data type, datatype, column type, field type, sql type, db type, postgres type, postgresql "
        "type, mysql type, bson type, тип, тип данных, tipo, tipo de dato, tipo de dados, tip, veri tipi, "
        "veri türü, tür, typ, datentyp, type de données, 类型, 数据类型, 型, データ型, 타입, 字段类型, 数据类型(长度)"
    ),
    "constraints": (
        "constraints, constraint, attributes, modifiers, rules, properties, options, flags, extra, "
        "constraints/notes, constraints & notes, validation, ограничения, restricciones, restrição, "
        "restrições, kısıtlar, kısıtlamalar, kısıt, einschränkungen, contraintes, vincoli, 约束, 制約, "
        "제약조건, 约束条件, 键/约束"
    ),
    "nullable": (
        "nullable, null, null?, nullable?, nulls, is nullable, allow null, nulo, nullbar, "
        "可空, null allowed, nil, 允许空, 是否为空, 允许为空, null许可"
    ),
    "required": (
        "not null, required, mandatory, required?, not null?, nn, обязательное, обязательно, requerido, "
        "obrigatório, zorunlu, pflicht, pflichtfeld, m/o, requis, 必填, 是否必填, 非空"
    ),
    "key": "key, keys, pk/fk, key type, ключ, clave, chave, anahtar, schlüssel, clé, 键, 主键/外键",
    "default": (
        "default, default value, defaults, по умолчанию, por defecto, padrão, valor por defecto, varsayılan, "
        "défaut, valor padrão, vorgabe, standardwert, standard, 默认值, 默认, デフォルト, 기본값"
    ),
    "unique": "unique, unique?, uq, uk, eindeutig, 唯一",
    "primary": "pk, primary key, primary, pk?, 主键, 是否主键",
    "foreign": "fk, foreign key, references, reference, ref, fk reference, fk?, 外键",
    "description": (
        "description, comment, comments, meaning, purpose, details, remarks, explanation, usage, why, "
        "rationale, описание, комментарий, назначение, descripción, descrição, açıklama, beschreibung, 说明, "
        "描述, 説明, 설명, use case, used for, reason, 备注, 注释, 含义, 用途"
    ),
    "notes": (
        "notes, note, remark, additional, other, info, примечание, примечания, notas, notlar, bemerkung, "
        "hinweise, observações, nota"
    ),
    "columns": (
        "columns, fields, column(s), field(s), indexed columns, indexed fields, on, column list, столбцы, "
        "поля, campos, columnas, colunas, alanlar, spalten, expression, 字段列表, 索引字段"
    ),
    "index": "index, index name, indexes, idx, индекс, índice, indice, indeks, name of index, 索引, 索引名, 索引名称",
    "method": "method, index type, kind, algorithm, using",
    "from": "from, source, child, child table, from table, referencing, source table",
    "to": "to, target, parent, parent table, to table, referenced, target table, referenced table",
    "on delete": "on delete, delete, delete rule, delete action, cascade",
    "on update": "on update, update rule, update action",
    "cardinality": "cardinality, relationship, relation, relationship type, relation type, multiplicity",
    "predicate": "where, condition, predicate, partial, filter",
    "length": "length, len, size, länge, longitud, tamaño, tamanho, longueur, 长度",
    "number": "#, no, no., №, nr, n",
    "values": "values, allowed values, enum, enum values, possible values",
}
_ROLES: dict[str, Role] = {word.strip(): role for role, words in _WORDS.items() for word in words.split(",")}


def roles(header: tuple[str, ...]) -> tuple[Role | None, ...]:
    """What each column holds; None for words that are not known."""
    return tuple(_ROLES.get(re.sub(r"\s+", " ", bare(cell)).lower().strip(" :")) for cell in header)


def kind(header: tuple[str, ...], *, listing_indexes: bool = False) -> TableKind:
    """What the rows of a table describe. ``listing_indexes``: it stands where indexes are listed."""
    held = {role for role in roles(header) if role}
    if "index" in held and held & {"columns", "name", "type", "method", "table", "description"}:
        return "indexes"
    if "columns" in held and held & {"name", "unique", "method"} and "constraints" not in held:
        return "indexes"
    if listing_indexes and "name" in held and not held & {"constraints", "nullable", "default"}:
        return "indexes"
    if {"from", "to"} <= held or ("foreign" in held and "type" not in held and held & {"table", "name", "columns"}):
        return "relationships"
    return "columns" if {"name", "type"} <= held else "other"
