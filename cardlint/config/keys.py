"""The keys of a configuration file: the text of a file becomes fields of the settings, and every key and type is verified.

A misspelt key that is silently ignored is a check that silently does not run, so the error names the file, the line and the
nearest right key.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from cardlint.config.settings import Budget, ConfigError, shortened

if TYPE_CHECKING:
    from cardlint.knowledge.clients.schema import MetricType
    from cardlint.knowledge.schema import Class, Kind, Row, Sink, Wrapper

CLASSES: tuple[Class, ...] = ("bounded", "per-deployment", "client-chosen", "unbounded")
METRIC_TYPES: tuple[MetricType, ...] = ("counter", "gauge", "histogram", "summary", "info", "enum", "untyped")
LEVELS = ("error", "warning", "note")
CONFIDENCES = ("high", "medium", "low")

MAX_COUNT = 10**15
MAX_PATH = 1000
"""Characters of the name of a file or folder."""
MAX_PATTERNS = 5_000
"""Patterns of one table: each of them is compared with each file."""


class _Reader:
    """Checks one table. It keeps the text, so that an error can name its line."""

    def __init__(self, file: str, text: str, table: str) -> None:
        self.file = file
        self.text = text
        self.table = table

    def fail(self, key: str, problem: str) -> ConfigError:
        """Build the error for a key."""
        return ConfigError(f"{self.file}:{self.line(key)}: {problem}")

    def line(self, key: str) -> int:
        """Find the line of a key: the first one that starts with it, inside of cardlint's table where there is one."""
        inside = not self.table
        wanted = key.split(".")[-1].strip('"')
        header = 0
        for number, raw in enumerate(self.text.splitlines(), 1):
            line = raw.strip()
            if line.startswith("["):
                name = line.strip("[] \t").split("]")[0].replace(" ", "")
                inside = name == self.table or name.startswith(self.table + ".") if self.table else True
                if inside and not header:
                    header = number
                if inside and name.rpartition(".")[2].strip('"') == wanted and name != self.table:
                    return number
            elif inside and line.replace('"', "").replace("'", "").startswith(wanted):
                return number
        return header or 1


def _strings(reader: _Reader, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise reader.fail(key, f'`{key}` must be a list of strings, for example {key} = ["..."]')
    return tuple(value)


def is_absolute(path: str) -> bool:
    """Tell whether a path is absolute on any system: on Windows a share of another machine is one, which may not even be looked at."""
    return os.path.isabs(path) or bool(os.path.splitdrive(path)[0]) or path.startswith(("/", "\\"))


def _folders(reader: _Reader, key: str, value: object) -> tuple[str, ...]:
    folders = _strings(reader, key, value)
    for folder in folders:
        if is_absolute(folder):
            raise reader.fail(key, f"`{key}` has an absolute folder; write it relative to this file: `{shortened(folder)}`")
        if "\0" in folder or len(folder) > MAX_PATH:
            raise reader.fail(key, f"`{key}` has no name of a folder")
    return folders


def _string(reader: _Reader, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise reader.fail(key, f"`{key}` must be a string")
    return value


def _file(reader: _Reader, key: str, value: object) -> str:
    text = _string(reader, key, value)
    if not text.strip() or "\0" in text or len(text) > MAX_PATH:
        raise reader.fail(key, f"`{key}` is no name of a file")
    return text


def _flag(reader: _Reader, key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise reader.fail(key, f"`{key}` must be true or false")
    return value


def _count(reader: _Reader, key: str, value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise reader.fail(key, f"`{key}` must be a whole number of at least 1")
    if value > MAX_COUNT:
        raise reader.fail(key, f"`{key}` must be a whole number of at most {MAX_COUNT:,}")
    return value


def _level(reader: _Reader, key: str, value: object) -> str:
    if value not in LEVELS:
        raise reader.fail(key, f"`{key}` must be one of {', '.join(LEVELS)}")
    return str(value)


def _confidence(reader: _Reader, key: str, value: object) -> str:
    if value not in CONFIDENCES:
        raise reader.fail(key, f"`{key}` must be one of {', '.join(CONFIDENCES)}")
    return str(value)


def _severities(reader: _Reader, key: str, value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise reader.fail(key, f'`{key}` must be a table of rules, for example {key} = {{ summary = "note" }}')
    return tuple((rule, _level(reader, rule, level)) for rule, level in value.items())


def _budgets(reader: _Reader, key: str, value: object) -> tuple[Budget, ...]:
    example = f'{key} = {{ payments = {{ paths = ["services/payments/**"], max-series = 20_000 }} }}'
    if not isinstance(value, dict):
        raise reader.fail(key, f"`{key}` must be a table of teams, for example {example}")
    out: list[Budget] = []
    count = 0
    for team, table in value.items():
        if not isinstance(table, dict):
            raise reader.fail(team, f"`{key}.{shortened(team)}` must be a table, for example {example}")
        _known(reader, table, ("paths", "max-series"), f" in `{key}.{shortened(team)}`")
        if not table.get("paths") or "max-series" not in table:
            raise reader.fail(team, f"`{key}.{shortened(team)}` needs `paths` and `max-series`, for example {example}")
        paths = _strings(reader, "paths", table["paths"])
        count += len(paths)
        _check_patterns(reader, key, count)
        out.append(Budget(team, paths, _count(reader, "max-series", table["max-series"])))
    return tuple(out)


def _check_patterns(reader: _Reader, key: str, count: int) -> None:
    if count > MAX_PATTERNS:
        raise reader.fail(key, f"`{key}` has more than {MAX_PATTERNS:,} patterns")


def _per_file(reader: _Reader, key: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise reader.fail(key, f'`{key}` must be a table of patterns, for example "tests/*" = ["summary"]')
    _check_patterns(reader, key, len(value))
    return tuple((pattern, _strings(reader, pattern, rules)) for pattern, rules in value.items())


def _tables(reader: _Reader, key: str, value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise reader.fail(key, f"`{key}` must be a list of tables: write [[{reader.table + '.' if reader.table else ''}{key}]] before each")
    return value


def _known(reader: _Reader, table: Mapping[str, object], known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            raise reader.fail(key, f"unknown key `{shortened(key)}`{where}{_nearest(key, known)}")


def _nearest(key: str, known: tuple[str, ...]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key.replace("_", "-"), known, 1, 0.5)
    return f"; did you mean `{close[0]}`?" if close else f"; known keys are {', '.join(sorted(known))}"


def _names(path: object) -> bool:
    """Tell whether a path of a row ends in a name; any other path would match everywhere."""
    return isinstance(path, str) and any(c.isalnum() or c == "_" for c in path.rstrip("()[]").rpartition(".")[2])


def _rows(cls: str) -> Callable[[_Reader, str, object], tuple[Row, ...]]:
    """Read rows of `sources` or `bounders`; they have the shape of built-in rows."""

    def read(reader: _Reader, key: str, value: object) -> tuple[Row, ...]:
        from cardlint.knowledge.schema import Row

        rows = []
        for table in _tables(reader, key, value):
            _known(reader, table, ("path", "class", "size", "kind", "why", "advice"), f" in `{key}`")
            if not _names(table.get("path")):
                raise reader.fail(key, f'`{key}` needs a `path`, for example path = "myapp.auth.current_user()"')
            given = next((known for known in CLASSES if known == table.get("class", cls)), None)
            if given is None:
                raise reader.fail("class", f"`class` must be one of {', '.join(CLASSES)}")
            size = _count(reader, "size", table["size"]) if "size" in table else None
            texts = {name: _string(reader, name, table.get(name, "")) for name in ("kind", "why", "advice")}
            why = texts["why"] or ("unbounded by configuration" if given == "unbounded" else "bounded by configuration")
            kind = cast("Kind", texts["kind"] or "configured")
            rows.append(Row(table["path"], given, size, kind, why, advice=texts["advice"], deep=given == "unbounded"))
        return tuple(rows)

    return read


def _sinks(reader: _Reader, key: str, value: object) -> tuple[Sink, ...]:
    from cardlint.knowledge.schema import Sink

    sinks = []
    for table in _tables(reader, key, value):
        _known(reader, table, ("path", "labels", "mapping", "metric", "type"), f" in `{key}`")
        if not _names(table.get("path")):
            raise reader.fail(key, f'`{key}` needs a `path`, for example path = "myapp.metrics.count"')
        labels = _strings(reader, "labels", table.get("labels", []))
        mapping = _string(reader, "mapping", table.get("mapping", ""))
        if not labels and not mapping:
            raise reader.fail(
                key, f"`{key}` needs `labels` (names of parameters) or `mapping` (the parameter that holds a dictionary of labels)"
            )
        sinks.append(Sink(table["path"], labels, mapping, _string(reader, "metric", table.get("metric", "")), _metric_type(reader, table)))
    return tuple(sinks)


def _wrappers(reader: _Reader, key: str, value: object) -> tuple[Wrapper, ...]:
    from cardlint.knowledge.schema import Wrapper

    wrappers = []
    for table in _tables(reader, key, value):
        _known(reader, table, ("path", "type", "name", "labelnames"), f" in `{key}`")
        if not _names(table.get("path")):
            raise reader.fail(key, f'`{key}` needs a `path`, for example path = "myapp.metrics.make_counter"')
        name = _string(reader, "name", table.get("name", "#0"))
        labelnames = _string(reader, "labelnames", table.get("labelnames", "#2"))
        wrappers.append(Wrapper(table["path"], _metric_type(reader, table), name, labelnames))
    return tuple(wrappers)


def _metric_type(reader: _Reader, table: Mapping[str, object]) -> MetricType:
    given = table.get("type", "counter")
    for known in METRIC_TYPES:
        if given == known:
            return known
    raise reader.fail("type", f"`type` must be one of {', '.join(METRIC_TYPES)}")


KEYS: dict[str, tuple[str, Callable[[_Reader, str, object], object]]] = {
    "select": ("select", _strings),
    "extend-select": ("extend_select", _strings),
    "ignore": ("ignore", _strings),
    "per-file-ignores": ("per_file_ignores", _per_file),
    "pedantic": ("pedantic", _flag),
    "fail-on": ("fail_on", _level),
    "require-reason": ("require_reason", _flag),
    "exclude": ("exclude", _strings),
    "extend-exclude": ("extend_exclude", _strings),
    "src": ("src", _folders),
    "bounded-labels": ("bounded_labels", _strings),
    "identity-labels": ("identity_labels", _strings),
    "max-series": ("max_series", _count),
    "max-label-values": ("max_label_values", _count),
    "severity": ("severity", _severities),
    "min-confidence": ("min_confidence", _confidence),
    "budgets": ("budgets", _budgets),
    "sources": ("sources", _rows("unbounded")),
    "bounders": ("bounders", _rows("bounded")),
    "sinks": ("sinks", _sinks),
    "wrappers": ("wrappers", _wrappers),
    "baseline": ("baseline", _file),
    "cache-dir": ("cache_dir", _string),
    "required-version": ("required_version", _string),
    "extend": ("extend", _string),
}
"""Key of the file, field of Config, and the function that checks and converts the value."""


def parse(text: str, file: str, *, table: str) -> dict[str, object] | None:
    """Read the settings of one file as fields of Config; None when `table` is asked for and not there."""
    from cardlint.files.toml import WrongToml, parsed

    try:
        document = parsed(text)
    except WrongToml as problem:
        raise ConfigError(f"{file}: not valid TOML: {problem}") from None
    found: object = document
    for part in table.split(".") if table else ():
        found = found.get(part) if isinstance(found, dict) else None
        if found is None:
            return None
    reader = _Reader(file, text, table)
    if not isinstance(found, dict):
        raise reader.fail(table, f"`{table}` must be a table: write [{table}]")
    fields: dict[str, object] = {}
    _known(reader, found, (*KEYS, "buckets"), "")
    for key, value in found.items():
        if key == "buckets":
            fields.update(_buckets(reader, value))
        else:
            field, convert = KEYS[key]
            fields[field] = convert(reader, key, value)
    return fields


def _buckets(reader: _Reader, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise reader.fail("buckets", "`buckets` must be a table, for example buckets = { min = 5, max = 12 }")
    _known(reader, value, ("min", "max"), " in `buckets`")
    fields: dict[str, object] = {f"buckets_{key}": _count(reader, key, number) for key, number in value.items()}
    if int(str(fields.get("buckets_min", 5))) > int(str(fields.get("buckets_max", 12))):
        raise reader.fail("buckets", "`buckets.min` is larger than `buckets.max`")
    return fields
