"""JSON schema of the configuration, generated from the table of keys: editors complete and check by it."""

from __future__ import annotations

from typing import Any

from cardlint.config.keys import CLASSES, CONFIDENCES, KEYS, LEVELS, METRIC_TYPES

STRINGS = {"type": "array", "items": {"type": "string"}}
COUNT = {"type": "integer", "minimum": 1}
TEXT = {"type": "string"}


def _row(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    item = {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}
    return {"type": "array", "items": item}


def _facts(default: str) -> dict[str, Any]:
    return _row(
        ("path",), path=TEXT, **{"class": {"enum": list(CLASSES), "default": default}}, size=COUNT, kind=TEXT, why=TEXT, advice=TEXT
    )


SHAPES: dict[str, dict[str, Any]] = {
    "select": STRINGS,
    "extend-select": STRINGS,
    "ignore": STRINGS,
    "per-file-ignores": {"type": "object", "additionalProperties": STRINGS},
    "pedantic": {"type": "boolean"},
    "fail-on": {"enum": list(LEVELS)},
    "require-reason": {"type": "boolean", "default": True},
    "exclude": STRINGS,
    "extend-exclude": STRINGS,
    "src": STRINGS,
    "bounded-labels": STRINGS,
    "identity-labels": STRINGS,
    "max-series": COUNT,
    "max-label-values": COUNT,
    "severity": {"type": "object", "additionalProperties": {"enum": list(LEVELS)}},
    "min-confidence": {"enum": list(CONFIDENCES)},
    "budgets": {
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": False,
            "required": ["paths", "max-series"],
            "properties": {"paths": {**STRINGS, "minItems": 1}, "max-series": COUNT},
        },
    },
    "sources": _facts("unbounded"),
    "bounders": _facts("bounded"),
    "sinks": _row(("path",), path=TEXT, labels=STRINGS, mapping=TEXT, metric=TEXT, type={"enum": list(METRIC_TYPES)}),
    "wrappers": _row(("path",), path=TEXT, type={"enum": list(METRIC_TYPES)}, name=TEXT, labelnames=TEXT),
    "baseline": TEXT,
    "cache-dir": TEXT,
    "required-version": TEXT,
    "extend": TEXT,
    "buckets": {"type": "object", "additionalProperties": False, "properties": {"min": COUNT, "max": COUNT}},
}
WORDS = {
    "select": "Rules to run instead of the default ones: names, codes or prefixes of codes.",
    "extend-select": "Rules to run in addition to the default ones.",
    "ignore": "Rules to leave out.",
    "per-file-ignores": "Patterns of files, and the rules to leave out there.",
    "pedantic": "Also report findings that are debatable or less certain.",
    "fail-on": "Lowest severity that makes the exit code 1.",
    "require-reason": "Report suppression comments that give no reason.",
    "exclude": "Patterns of files and folders to leave out, instead of the default ones.",
    "extend-exclude": "Patterns of files and folders to leave out, in addition to the default ones.",
    "src": "Folders that are import roots.",
    "bounded-labels": "Labels whose values are bounded, whatever the code shows.",
    "identity-labels": "Labels that hold an identity, whatever their name suggests to cardlint.",
    "max-series": "Budget of series for one metric.",
    "max-label-values": "Budget of values for one label. Without it, 10,000 for bounded values.",
    "severity": "Rules (names, codes or prefixes of codes), and the severity of their findings.",
    "min-confidence": "Lowest confidence of a finding that is reported. Without it, medium; low with `pedantic`.",
    "budgets": "Teams, the files they own, and how many series the metrics in these files may have; `cardlint inventory` checks them.",
    "sources": "Functions and attributes whose values are unbounded.",
    "bounders": "Functions whose results are bounded.",
    "sinks": "Calls that put values into labels.",
    "wrappers": "Callables that return a metric.",
    "baseline": "File with the known findings, relative to the configuration file; only new findings are reported.",
    "cache-dir": "Folder in the project below which the cache is kept, relative to the configuration file.",
    "required-version": "Versions of cardlint that may run, for example `>=0.1`.",
    "extend": "Another TOML file of the project. This file adds to its settings or replaces them. The path is relative to this file.",
    "buckets": "How many finite bounds a bucket list may have.",
}


def schema() -> dict[str, Any]:
    """Return the schema of `[tool.cardlint]`; every key the reader knows is in it, and no other."""
    properties = {key: {"description": WORDS[key], **SHAPES[key]} for key in (*KEYS, "buckets")}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://json.schemastore.org/partial-cardlint.json",
        "title": "cardlint",
        "description": "Settings of cardlint: `[tool.cardlint]` of pyproject.toml, or cardlint.toml.",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def for_validate_pyproject(_tool: str) -> dict[str, Any]:
    """Return the schema to validate-pyproject, which asks every installed package for that of its own table."""
    return schema()


if __name__ == "__main__":
    import json

    print(json.dumps(schema(), indent=1))
