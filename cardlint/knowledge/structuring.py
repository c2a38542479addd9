"""pydantic, msgspec, cattrs, dacite: functions that make objects of data, and the argument with the type."""

from __future__ import annotations

from cardlint.knowledge.rows import transfer
from cardlint.knowledge.schema import Library

WHY = "made of data, as its type"

OF_OBJECTS = "model_validate parse_obj from_orm model_construct construct from_dict validate schema_validate"
"""Class methods of pydantic, SQLModel, dataclasses-json and mashumaro that take dictionaries or objects."""
OF_TEXTS = "model_validate_json parse_raw from_json"
"""Those that take JSON as text."""
DATA = "obj json_data b data d"
"""The name of their argument."""
VALIDATORS = "field_validator validator"
"""Decorators of pydantic that make a method a validator of one field."""
TOLD_ONCE: tuple[tuple[str, str], ...] = (
    ("pydantic.TypeAdapter", "validate_python validate_json"),
    ("msgspec.json.Decoder", "decode"),
    ("msgspec.msgpack.Decoder", "decode"),
)
"""Classes with instances that get the type once, and their methods that make objects; the rows of those take the type first."""

LIBRARY = Library(
    packages=("pydantic", "msgspec", "cattrs", "cattr", "dacite"),
    rows=(
        *transfer("typed:1:0:type_", WHY, "pydantic.parse_obj_as()", "pydantic.TypeAdapter.validate_python()"),
        *transfer("typed:1:0:type_:text", WHY, "pydantic.parse_raw_as()", "pydantic.TypeAdapter.validate_json()"),
        *transfer("typed:0:9:type:text", WHY, "msgspec.json.decode()", "msgspec.yaml.decode()", "msgspec.msgpack.decode()"),
        *transfer("typed:1:0:type:text", WHY, "msgspec.json.Decoder.decode()", "msgspec.msgpack.Decoder.decode()"),
        *transfer("typed:0:1:type", WHY, "msgspec.convert()"),
        *transfer("typed:0:1:cl", WHY, "cattrs.structure()", "cattr.structure()", "cattrs.Converter.structure()"),
        *transfer("typed:1:0:data_class", WHY, "dacite.from_dict()"),
    ),
)
