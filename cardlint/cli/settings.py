"""Settings as TOML: the output of `--show-settings` can be saved as cardlint.toml and has the same meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cardlint.output.neutralise import Safe, lines, toml_text

if TYPE_CHECKING:
    from cardlint.config import Config


def as_toml(config: Config) -> Safe:
    """Return the settings of a run with their defaults; a setting without one is left out."""
    from cardlint.config import KEYS

    simple = {key: getattr(config, field) for key, (field, _) in KEYS.items() if key not in ("per-file-ignores", "severity", "budgets")}
    plain = [Safe(f"{key} = {toml_text(value)}") for key, value in simple.items() if not _is_table(value)]
    plain.append(Safe(f"buckets = {{ min = {config.buckets_min}, max = {config.buckets_max} }}"))
    out = [line for line in plain if not line.endswith((" = null", ' = ""'))]
    if config.severity:
        out += [Safe(""), Safe("[severity]")]
        out += [Safe(f"{toml_text(rule)} = {toml_text(level)}") for rule, level in config.severity]
    for budget in config.budgets:
        out += [Safe(""), Safe(f"[budgets.{toml_text(budget.team)}]")]
        out += [Safe(f"paths = {toml_text(budget.paths)}"), Safe(f"max-series = {budget.max_series}")]
    if config.per_file_ignores:
        out += [Safe(""), Safe("[per-file-ignores]")]
        out += [Safe(f"{toml_text(pattern)} = {toml_text(rules)}") for pattern, rules in config.per_file_ignores]
    for key in ("sources", "bounders", "sinks", "wrappers"):
        for row in getattr(config, key):
            out += [Safe(""), Safe(f"[[{key}]]"), *_row(key, row)]
    return lines(out)


def _is_table(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and not all(isinstance(v, str) for v in value)


def _row(key: str, row: Any) -> Iterator[Safe]:
    names = {
        "sources": (("path", "path"), ("class", "cls"), ("size", "size"), ("kind", "kind"), ("why", "why"), ("advice", "advice")),
        "sinks": (("path", "path"), ("labels", "labels"), ("mapping", "mapping"), ("metric", "metric"), ("type", "type")),
        "wrappers": (("path", "path"), ("type", "type"), ("name", "name"), ("labelnames", "labelnames")),
    }
    for name, field in names["sources" if key == "bounders" else key]:
        value = getattr(row, field)
        if value not in (None, "", ()):
            yield Safe(f"{name} = {toml_text(value)}")
