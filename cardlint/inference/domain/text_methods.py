"""Methods of texts, by what their result says or keeps of the text."""

from __future__ import annotations

from cardlint.inference.domain.value_sets import ValueSet, exactly, unknown

TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
CLASS_NAMES = frozenset({"__name__", "__qualname__"})

TEXT_PRESERVING_METHODS = frozenset(
    {
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "casefold",
        "capitalize",
        "title",
        "translate",
        "encode",
        "decode",
        "removeprefix",
        "removesuffix",
    }
)
"""Methods of texts that rewrite each text and add no new ones."""

WHOLE = TEXT_PRESERVING_METHODS | {"hex"}
"""Accesses that give one value for one: what a process makes once stays one value."""
TEXT_METHODS = frozenset(
    {
        "lower", "upper", "strip", "lstrip", "rstrip", "title", "capitalize", "casefold", "swapcase", "replace", "removeprefix",
        "removesuffix", "encode", "decode", "split", "rsplit", "partition", "rpartition", "splitlines", "zfill", "ljust", "rjust",
        "center", "format", "format_map", "join", "translate", "expandtabs", "startswith", "endswith", "isdigit", "isalpha", "isalnum",
        "isdecimal", "isnumeric", "isupper", "islower", "isspace", "isidentifier", "isascii", "isprintable", "istitle", "rfind", "rindex", "bit_length", "find", "index", "count", "hex", "isoformat",
    }
)  # fmt: skip
BOOLEAN_METHODS = frozenset(
    {
        "startswith",
        "endswith",
        "isdigit",
        "isalpha",
        "isalnum",
        "isdecimal",
        "isnumeric",
        "isupper",
        "islower",
        "isspace",
        "isidentifier",
        "isascii",
        "isprintable",
        "istitle",
    }
)
NUMBER_METHODS = frozenset({"find", "index", "rfind", "rindex", "count"})
ABOUT_TEXTS: dict[str, ValueSet] = {
    **dict.fromkeys(BOOLEAN_METHODS, exactly((False, True))),
    **dict.fromkeys(NUMBER_METHODS, unknown("a number of characters")),
}
"""Methods that say something about a text and return no part of it."""
EXACT_METHODS = frozenset(
    {
        "lower",
        "upper",
        "strip",
        "lstrip",
        "rstrip",
        "title",
        "capitalize",
        "casefold",
        "swapcase",
        "replace",
        "removeprefix",
        "removesuffix",
        "zfill",
        "ljust",
        "rjust",
        "center",
        "expandtabs",
    }
)

REWRITING = frozenset({"hexdigest", "digest", "total_seconds", "as_posix"})
"""Methods that give one text for each value and are no methods of texts: `sha1(email).hexdigest()`."""
