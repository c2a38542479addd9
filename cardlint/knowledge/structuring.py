"""pydantic, msgspec, cattrs, dacite: functions that make objects of data, and the argument with the type."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from cardlint.knowledge.rows import transfer
from cardlint.knowledge.schema import Library

WHY = "converted from data to its type"

OF_OBJECTS = "model_validate parse_obj from_orm model_construct construct from_dict validate schema_validate"
"""Class methods of pydantic, SQLModel, dataclasses-json and mashumaro that take dictionaries or objects."""
OF_TEXTS = "model_validate_json parse_raw from_json"
"""Those that take JSON as text."""
DATA = "obj json_data b data d"
"""What their argument is called."""


DOCUMENT_OF = {
    "server-text": "json.answer()",
    "program-output": "json.printed()",
    "database": "json.stored()",
    "body": "json.sent()",
    "header": "json.sent()",
}
"""Paths of JSON and XML whose text says where it comes from: a server that is asked, another program, a store of its own, a client.

Of a record that the program has stored nothing is known but the names of its parts.
"""
DOCUMENTS = ("json.load()", "json.loads()", *dict.fromkeys(DOCUMENT_OF.values()))
"""The paths of all that is parsed, also of settings and of texts that say nothing of where they come from."""
OF_DOCUMENTS = frozenset((*dir(dict), *dir(list), *dir(str), *dir(float))) | frozenset(
    ("attrib", "find", "findall", "findtext", "getroot", "iter", "iterfind", "itertext", "tag", "tail", "text")
)
"""What a part of a document has: the methods of what JSON is made of, and the attributes of an element of XML (Python,
xml.etree.ElementTree: Element Objects)."""


class Generated(Struct, frozen=True):
    """A method that the generated class of an instance brings along."""

    name: str
    gives: Literal["fields", "copy"]
    """the fields as a dictionary, or a copy with some of them changed"""
    bases: tuple[str, ...]
    """last names of the bases whose classes have it"""
    source: str


MODELS = ("BaseModel", "SQLModel", "BaseSettings")
GENERATED: tuple[Generated, ...] = (
    Generated("model_dump", "fields", MODELS, "pydantic, Serialization: model_dump"),
    Generated("dict", "fields", MODELS, "pydantic 1, Exporting models: dict"),
    Generated("_asdict", "fields", ("NamedTuple",), "Python, collections: somenamedtuple._asdict"),
    Generated("model_copy", "copy", MODELS, "pydantic, Models: model_copy"),
    Generated("copy", "copy", MODELS, "pydantic 1, Exporting models: copy"),
    Generated("_replace", "copy", ("NamedTuple",), "Python, collections: somenamedtuple._replace"),
)


def generated(gives: str) -> dict[str, tuple[str, ...]]:
    """Return the bases that have each method which gives the fields, or a copy."""
    return {row.name: row.bases for row in GENERATED if row.gives == gives}


AT_LEAST, ABOVE, AT_MOST, BELOW = "ge", "gt", "le", "lt"
"""Keywords that hold a field between two numbers (pydantic, Fields: Numeric Constraints; FastAPI, Path Parameters and Numeric
Validations)."""
PATTERNS = frozenset({"pattern", "regex"})
"""Keywords that a text has to match (pydantic, Fields: String Constraints; pydantic 1, Schema: regex)."""
WHOLE_NUMBERS = frozenset({"conint"})
"""Types of whole numbers with such keywords (pydantic, Types: conint)."""
FIELDS: tuple[tuple[str, bool, str], ...] = (
    ("field", True, "Python, dataclasses: field; attrs, attrs.field"),
    ("ib", True, "attrs, Core: attr.ib"),
    ("attrib", True, "attrs, Core: attr.attrib"),
    ("Field", False, "pydantic, Fields: Field"),
    ("PrivateAttr", False, "pydantic, Models: Private model attributes"),
)
"""Functions that declare a field, by their last name: whether they make one without an annotation, and where that is documented."""
FIELD_CALLS = frozenset(name for name, _, _ in FIELDS)
FIELD_FACTORIES = frozenset(name for name, alone, _ in FIELDS if alone)
BUILT_FROM_DATA = frozenset(
    {
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "typing.TypedDict",
        "typing_extensions.TypedDict",
        "msgspec.Struct",
        "sqlmodel.SQLModel",
        "pydantic_settings.BaseSettings",
    }
)
"""Bases whose instances are usually made from data: their constructor calls are not all there is (pydantic, Models; Python, typing:
TypedDict; msgspec, Structs; SQLModel, Tutorial; pydantic, Settings Management)."""
SETTINGS = frozenset(
    f"{module}.BaseSettings" for module in ("pydantic_settings", "pydantic_settings.main", "pydantic", "pydantic.env_settings")
)
"""Bases whose fields are read from the environment, from `.env` files and from secrets when an instance is made: a default is one value of
several (pydantic, Settings Management; pydantic 1, Settings management)."""
SETTING = "os.environ[]"
"""What such a field is filled from (pydantic, Settings Management: Environment variable names)."""
OF_REQUESTS = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel", "msgspec.Struct", "sqlmodel.SQLModel"})
"""Those of them that frameworks make of the body of a request (FastAPI, Request Body; Litestar, Requests)."""
CHOICE_ENUMS = frozenset(
    f"django.db.models{module}.{name}" for module in ("", ".enums") for name in ("Choices", "TextChoices", "IntegerChoices")
)
"""Enums of Django: a member is written as its value and its label, and its text is its value (Django, Enumeration types)."""
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

ARGUMENTS = "argparse.Namespace."
"""How the path of an argument of the command line begins."""
OPENED_ARGUMENT = "FileType"
"""A type of arguments that are open files (Python, argparse: FileType)."""
NAMED_BY_ARGUMENTS: dict[str, str] = {
    **dict.fromkeys(("read", "read_bytes", "read_text"), "builtins.open(?).read()"),
    **dict.fromkeys(("readline", "readlines"), "builtins.open(?).readlines()"),
    "open": "builtins.open(?)",
    **dict.fromkeys(("glob", "rglob"), "glob.glob(?)"),
    "iterdir": "pathlib.Path.iterdir()",
    "walk": "os.walk()",
}
"""Methods of an argument that is a path or an open file, and what they give: what is in a file that a user names is no argument (Python,
argparse: type; pathlib)."""
MAPPINGS = frozenset(f"{module}.{name}" for module in ("collections.abc", "typing") for name in ("Mapping", "MutableMapping"))
"""Bases that make methods of a dictionary of `__getitem__` and `__iter__` (Python, collections.abc: Mixin Methods)."""
MIXED_IN = ("get", "items", "keys", "values")
"""Those methods."""
