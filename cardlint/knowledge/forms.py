"""Serializers, forms and schemas: classes that declare what a client may send, field by field."""

from __future__ import annotations

from msgspec import Struct


class Form(Struct, frozen=True):
    """A class of a library whose subclasses declare fields, and the attribute that holds what passed them."""

    base: str
    attribute: str
    fields: str
    """where its fields come from: the first part of their paths"""
    check: str
    """what the method is called that looks at one field, before the name of the field"""
    checked: bool
    """whether that method is given the value"""
    change: tuple[str, ...]
    """methods that may put something else into any field"""
    blank: bool
    """whether a field that need not be filled in holds an empty text"""


FORMS: tuple[Form, ...] = (
    *(
        Form(
            f"rest_framework.serializers.{name}",
            "validated_data",
            "rest_framework",
            "validate_",
            True,
            ("validate", "to_internal_value"),
            False,
        )
        for name in ("Serializer", "ModelSerializer", "HyperlinkedModelSerializer")
    ),
    *(
        Form(f"django.forms.{name}", "cleaned_data", "django", "clean_", False, ("clean",), True)
        for name in ("Form", "ModelForm", "forms.Form", "models.ModelForm")
    ),
)
"""Django REST framework 3.18 and Django 5.2, read in their source."""

ATTRIBUTES = frozenset(form.attribute for form in FORMS)
"""All attributes that hold what passed."""

OPEN = frozenset(
    {
        "CharField",
        "EmailField",
        "RegexField",
        "SlugField",
        "URLField",
        "UUIDField",
        "FileField",
        "ImageField",
        "IPAddressField",
        "GenericIPAddressField",
        "DecimalField",
        "FloatField",
        "DateField",
        "DateTimeField",
        "TimeField",
        "DurationField",
        "JSONField",
    }
)
"""Fields that let more values through than anyone can list."""
CHOICES = frozenset({"ChoiceField", "TypedChoiceField"})
"""Fields that let their choices through."""
FLAGS = {"BooleanField": (False, True), "NullBooleanField": (False, True, None)}
"""Fields that let these values through."""
NUMBERS = frozenset({"IntegerField"})
"""Fields that let whole numbers through, between `min_value` and `max_value`."""
ELSEWHERE = frozenset({"source", "read_only"})
"""Keywords of fields whose value has another name, or none."""

SCHEMA = "marshmallow.Schema"
LOADING = frozenset({"load", "loads"})
"""The class whose subclasses say what may be loaded, and its methods that return what passed as a dictionary."""
SCHEMA_TEXTS = frozenset(
    word
    for words in (
        "String Str Email Url URL UUID Raw Float Decimal Integer Int IP IPv4 IPv6",
        "DateTime NaiveDateTime AwareDateTime Time Date",
    )
    for word in words.split()
)
"""Its fields that let more values through than anyone can list."""
SCHEMA_FLAGS = frozenset({"Boolean", "Bool"})
CHOOSING, OPEN_CHECKS = "OneOf", frozenset({"Length", "Email", "URL"})
"""Validators that let a list of values through, and those that let more through than anyone can list. Any other one may do either."""
CHANGING = frozenset({"post_load"})
CHECKING = frozenset({"validates", "validates_schema"})
"""Decorators of methods that make something else of what was loaded, and of those that refuse some of it."""
DEFAULTS, MOVED = frozenset({"load_default", "missing"}), frozenset({"attribute", "dump_only"})
"""Keywords of a field for a value that was not sent, and of those whose value has another name or none (marshmallow 4.4, API
Reference: Schema, Fields, Validators, Decorators)."""

ADDING, REPLACING = "add_argument", "replace_argument"
"""Methods of a parser that give it an argument, and another one in its place."""
TEXTUAL = ("str", "int", "float", "text_type")
"""Types of arguments that let more values through than anyone can list; the first one is that of an argument without a type."""
SWITCHES = frozenset({"bool", "boolean"})
KNOWN_KEYWORDS = frozenset(
    ("type", "choices", "default", "required", "location", "help", "nullable", "trim", "case_sensitive", "store_missing")
)
"""Keywords of an argument of which the others change its name or its number (Flask-RESTful 0.3, Request Parsing; Flask-RESTX 1.3)."""


def is_field(path: str) -> bool:
    """Tell whether a path is the class of a field, or of a validator with choices. It reads the list of choices and does not change it."""
    if path == f"marshmallow.validate.{CHOOSING}":
        return True
    name = path.rpartition(".")[2]
    return path.startswith(tuple(form.fields + "." for form in FORMS)) and (
        name in OPEN or name in CHOICES or name in FLAGS or name in NUMBERS
    )
