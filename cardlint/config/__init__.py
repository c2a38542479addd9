"""Configuration: `[tool.cardlint]` or `cardlint.toml`, read strictly.

A misspelt key that is silently ignored is a check that silently does not run, so every key and type is verified and
the error names the file, the line and the nearest right key.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from cardlint.files.regular import read_regular

if TYPE_CHECKING:
    from cardlint.knowledge.clients.schema import MetricType
    from cardlint.knowledge.schema import Class, Kind, Row, Sink, Wrapper

CLASSES: tuple[Class, ...] = ("bounded", "per-deployment", "client-chosen", "unbounded")
METRIC_TYPES: tuple[MetricType, ...] = ("counter", "gauge", "histogram", "summary", "info", "enum", "untyped")
LEVELS = ("error", "warning", "note")
CONFIDENCES = ("high", "medium", "low")


MAX_BYTES = 1_000_000
"""A larger file is no configuration."""
MAX_COUNT = 10**15
MAX_VERSION = 200
"""Characters of a version specifier: numbers in it may have no more digits than Python converts."""
MAX_PATH = 1000
"""Characters of the name of a folder."""
MAX_SHOWN = 60
"""Characters of a key that a message repeats."""


class ConfigError(Exception):
    """The configuration is wrong. The message is one line: file, line, what is wrong and what would be right."""


def shortened(text: str) -> str:
    """Return a text of the configuration for a message, on one line."""
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."


class Budget(Struct, frozen=True):
    """The series that the metrics of a team may have, those declared in files that its patterns mean."""

    team: str
    paths: tuple[str, ...]
    max_series: int


class Config(Struct, frozen=True):
    """The settings of a run, after defaults, configuration file and command line. Paths in it are relative to `root`."""

    root: str = "."
    """folder of the configuration file, or the working directory; test paths and per-file patterns start here"""
    source: str = ""
    """the configuration file that was read, or '' for defaults only"""
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pedantic: bool = False
    fail_on: str = "warning"
    require_reason: bool = True
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    src: tuple[str, ...] = ()
    """folders that are import roots; empty means that they are found by the layout of packages"""
    bounded_labels: tuple[str, ...] = ()
    identity_labels: tuple[str, ...] = ()
    buckets_min: int = 5
    buckets_max: int = 12
    max_series: int | None = None
    max_label_values: int | None = None
    severity: tuple[tuple[str, str], ...] = ()
    """rules, and the severity of their findings in place of the rule's own"""
    min_confidence: str = ""
    """lowest confidence that is reported; '' is medium, or low with `pedantic`"""
    budgets: tuple[Budget, ...] = ()
    sources: tuple[Row, ...] = ()
    bounders: tuple[Row, ...] = ()
    sinks: tuple[Sink, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    baseline: str = ""
    """the file with the known findings; only others are reported"""
    cache_dir: str = ""
    required_version: str = ""
    extend: str = ""
    """the file with inherited settings; empty once they are read"""
    inherited_ignores: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """per-file-ignores of extended files: the folder in which the pattern starts, the pattern, the rules"""
    settled: bool = False
    """configurations of the folders below are read, or not wanted"""
    nested: tuple[Config, ...] = ()
    """configurations of folders below, which hold for the files in them"""


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
    out = []
    for team, table in value.items():
        if not isinstance(table, dict):
            raise reader.fail(team, f"`{key}.{shortened(team)}` must be a table, for example {example}")
        _known(reader, table, ("paths", "max-series"), f" in `{key}.{shortened(team)}`")
        if not table.get("paths") or "max-series" not in table:
            raise reader.fail(team, f"`{key}.{shortened(team)}` needs `paths` and `max-series`, for example {example}")
        out.append(Budget(team, _strings(reader, "paths", table["paths"]), _count(reader, "max-series", table["max-series"])))
    return tuple(out)


def _per_file(reader: _Reader, key: str, value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(value, dict):
        raise reader.fail(key, f'`{key}` must be a table of patterns, for example "tests/*" = ["summary"]')
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
    "src": ("src", _strings),
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


def find(start: str) -> tuple[str, str] | None:
    """Find the configuration for a folder: the nearest `cardlint.toml`, or pyproject.toml that has `[tool.cardlint]`.

    Returns the path and the name of the table in it.
    """
    folder = os.path.abspath(start if os.path.isdir(start) else os.path.dirname(start) or ".")
    while True:
        own = os.path.join(folder, "cardlint.toml")
        if os.path.lexists(own):
            read_text(own)  # an unreadable file is no reason to use another one
            return own, ""
        project = os.path.join(folder, "pyproject.toml")
        if os.path.lexists(project) and "cardlint" in read_text(project):
            return project, "tool.cardlint"
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            return None
        folder = parent


def own_file(folder: str) -> str:
    """Return the configuration file that a folder itself holds, '' for none: a pyproject.toml counts when it has the table."""
    own = os.path.join(folder, "cardlint.toml")
    if os.path.lexists(own):
        return own
    project = os.path.join(folder, "pyproject.toml")
    if os.path.lexists(project) and "cardlint" in (text := read_text(project)):
        from cardlint.files.toml import WrongToml, parsed

        try:
            tool = parsed(text).get("tool")
        except WrongToml:
            return project  # reading it says what is wrong
        return project if isinstance(tool, dict) and "cardlint" in tool else ""
    return ""


def table_of(path: str) -> str:
    """Return the name of the table with the settings in a configuration file, '' for the whole file."""
    return "tool.cardlint" if os.path.basename(path) == "pyproject.toml" else ""


def read_text(path: str) -> str:
    """Return the text of a configuration file; raises ConfigError when there is none to be had."""
    try:
        return read_regular(path, MAX_BYTES).decode("utf-8")
    except OSError as problem:
        raise ConfigError(f"{os.path.relpath(path)}: cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{os.path.relpath(path)}: not valid UTF-8; a TOML file has to be") from None


def load(start: str, *, explicit: str | None = None, isolated: bool = False) -> Config:
    """Read the configuration that holds for a path. `explicit` names the file, `isolated` reads none."""
    if isolated:
        return Config(settled=True)
    if explicit is not None:
        if not os.path.exists(explicit) or os.path.isdir(explicit):
            raise ConfigError(f"{explicit}: no such configuration file")
        place: tuple[str, str] | None = (explicit, table_of(explicit))
    else:
        place = find(start)
    if place is None:
        return Config()
    path, table = place
    shown = os.path.relpath(path)
    fields = parse(read_text(path), shown, table=table) or {}
    if "extend" in fields:
        fields = _extended(path, fields)
    root = os.path.relpath(os.path.dirname(os.path.abspath(path)))
    config = Config(root=root, source=shown, settled=explicit is not None, **fields)  # type: ignore[arg-type]
    _check_cache_dir(config)
    return config


def _extended(path: str, fields: dict[str, object]) -> dict[str, object]:
    """Return the settings of a file with those that it inherits; raises ConfigError for a file that it may not name."""
    from cardlint.config.extending import WrongExtend, extended

    try:
        return extended(path, fields, lambda base: parse(read_text(base), os.path.relpath(base), table=table_of(base)))
    except WrongExtend as problem:
        raise ConfigError(str(problem)) from None


REPOSITORIES = (".git", ".hg", ".svn")
"""Folders whose files a program of the user would read as its own."""


def _check_cache_dir(config: Config) -> None:
    """Raise ConfigError for a `cache-dir` that is not a folder of the project's own: the author of the file may not choose any other."""
    given = config.cache_dir
    if not given:
        return
    why = ""
    root = os.path.realpath(config.root)
    if len(given) > MAX_PATH or "\0" in given:
        raise ConfigError(f"{config.source}: `cache-dir` is no name of a folder")
    relative = os.path.normpath(given)
    try:
        target = os.path.relpath(os.path.realpath(os.path.join(root, given)), root)
    except ValueError:  # another drive
        target = os.pardir
    if os.path.isabs(given) or os.path.splitdrive(given)[0] or given.startswith(("/", "\\")):
        why = "is absolute"
    elif os.pardir in (relative.split(os.sep)[0], target.split(os.sep)[0]):
        why = "leads out of the project"
    elif os.curdir in (relative, target):
        why = "is the project itself"
    elif any(part.casefold() in REPOSITORIES for part in (*relative.split(os.sep), *target.split(os.sep))):
        why = "lies in the repository's own data"
    if why:
        raise ConfigError(f"{config.source}: `cache-dir` {why}; name a folder of the project, for example `.cache`, or give --cache-dir")


def check_version(config: Config) -> None:
    """Raise ConfigError when the configuration asks for another version: findings would differ between users."""
    wanted = config.required_version
    if not wanted:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    from cardlint.version import __version__

    try:
        if len(wanted) > MAX_VERSION:
            raise InvalidSpecifier
        fits = SpecifierSet(wanted if wanted[:1] in "<>=!~" else f"=={wanted}").contains(__version__, prereleases=True)
    except ValueError:  # also for numbers that packaging does not accept
        raise ConfigError(
            f"{config.source}: `required-version` is no version specifier: `{shortened(wanted)}`; write for example `>=0.1`"
        ) from None
    if not fits:
        raise ConfigError(f"{config.source}: `required-version` asks for cardlint {wanted}, and this is {__version__}")
