"""Settings as TOML: what `--show-settings` prints can be saved as cardlint.toml and means the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cardlint.config import Config


def as_toml(config: Config) -> str:
    """Return the settings of a run with their defaults; a setting without one is left out."""
    from cardlint.config import KEYS

    simple = {key: getattr(config, field) for key, (field, _) in KEYS.items() if key != "per-file-ignores"}
    plain = [f"{key} = {_value(value)}" for key, value in simple.items() if not _is_table(value)]
    plain.append(f"buckets = {{ min = {config.buckets_min}, max = {config.buckets_max} }}")
    lines = [line for line in plain if not line.endswith((" = null", ' = ""'))]
    if config.per_file_ignores:
        lines += ["", "[per-file-ignores]"]
        lines += [f"{json.dumps(pattern)} = {_value(rules)}" for pattern, rules in config.per_file_ignores]
    for key in ("sources", "bounders", "sinks", "wrappers"):
        for row in getattr(config, key):
            lines += ["", f"[[{key}]]", *_row(key, row)]
    return "\n".join(lines) + "\n"


def _is_table(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and not all(isinstance(v, str) for v in value)


def _row(key: str, row: Any) -> Iterator[str]:
    names = {
        "sources": (("path", "path"), ("class", "cls"), ("size", "size"), ("kind", "kind"), ("why", "why"), ("advice", "advice")),
        "sinks": (("path", "path"), ("labels", "labels"), ("mapping", "mapping"), ("metric", "metric"), ("type", "type")),
        "wrappers": (("path", "path"), ("type", "type"), ("name", "name"), ("labelnames", "labelnames")),
    }
    for name, field in names["sources" if key == "bounders" else key]:
        value = getattr(row, field)
        if value not in (None, "", ()):
            yield f"{name} = {_value(value)}"


def _value(value: Any) -> str:
    """Write a value as TOML; its strings, numbers and lists are those of JSON, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
