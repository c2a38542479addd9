"""pydantic, msgspec, cattrs, dacite: functions that make objects of data, and are told the type to make."""

from __future__ import annotations

from cardlint.knowledge.schema import Library, Row

WHY = "made of data, as its type"

LIBRARY = Library(
    packages=("pydantic", "msgspec", "cattrs", "cattr", "dacite"),
    rows=(
        Row("pydantic.parse_obj_as()", how="typed:1:0:type_", why=WHY),
        Row("pydantic.parse_raw_as()", how="typed:1:0:type_:text", why=WHY),
        Row("msgspec.json.decode()", how="typed:0:9:type:text", why=WHY),
        Row("msgspec.yaml.decode()", how="typed:0:9:type:text", why=WHY),
        Row("msgspec.msgpack.decode()", how="typed:0:9:type:text", why=WHY),
        Row("msgspec.convert()", how="typed:0:1:type", why=WHY),
        Row("cattrs.structure()", how="typed:0:1:cl", why=WHY),
        Row("cattr.structure()", how="typed:0:1:cl", why=WHY),
        Row("cattrs.Converter.structure()", how="typed:0:1:cl", why=WHY),
        Row("dacite.from_dict()", how="typed:1:0:data_class", why=WHY),
    ),
)
