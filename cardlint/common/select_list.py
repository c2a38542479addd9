"""The columns that the text of an SQL statement selects.

It is no parser of SQL: it finds the list behind the first `SELECT` that is in no parentheses, or behind `RETURNING`, and the tables that
follow it. Where the list has a `*`, or a part of it is not in the text, its positions are not known, and there is no answer.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.common.expressions import Expression

GAP = "\x00"
"""What a text has in place of a part that is not known."""
LONGEST = 20_000
"""Characters of a statement beyond which nothing is said of it: each column is compared with each table."""
SKIPPED = Expression(r"--[^\n]*|/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/)?")
WORDS = Expression(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`|[A-Za-z_][\w$]*|\d[\w.]*|::|\S")
ENDS = frozenset({"from", "into", "union", "except", "intersect", "where", "limit", "order", "group", ";"})
AFTER_TABLES = frozenset(
    {"where", "group", "order", "limit", "having", "union", "on", "set", "values", "returning", "using", "select", "window", ";"}
)
NO_ALIAS = frozenset(
    {
        "join",
        "left",
        "right",
        "inner",
        "outer",
        "full",
        "cross",
        "natural",
        "lateral",
        "final",
        "sample",
        "as",
        "tablesample",
        *AFTER_TABLES,
    }
)


class Column(Struct, frozen=True):
    """One column of a result."""

    name: str
    """what the result calls it, '' where the database chooses a name"""
    source: str = ""
    """the column that it is read from, '' where it is computed"""
    table: str = ""
    """the table of that column, '' where it is not known"""


class Selection(Struct, frozen=True):
    """The columns of a result, and all tables that the statement names."""

    columns: tuple[Column, ...]
    tables: tuple[str, ...]


def selected(text: str, keep: frozenset[str]) -> Selection | None:
    """Return what a statement selects, None where that is not known. `keep` are functions that keep their argument."""
    if len(text) > LONGEST:
        return None
    words = WORDS.regex.findall(SKIPPED.regex.sub(" ", text))
    depths = _depths(words)
    begin = next((i for i, w in enumerate(words) if not depths[i] and w.lower() in ("select", "returning")), None)
    if begin is None:
        return None
    end = next((i for i in range(begin + 1, len(words)) if not depths[i] and words[i].lower() in ENDS), len(words))
    made = {_plain(words[i]).lower() for i in range(len(words) - 2) if [w.lower() for w in words[i + 1 : i + 3]] == ["as", "("]}
    first = end if words[begin].lower() == "select" else 0
    named = _tables([words[i] for i in range(first, len(words)) if not depths[i]])
    own = [("" if name in made else name, alias or name) for name, alias in named]
    columns: list[Column] = []
    for item in _divided(_without_options(words[begin + 1 : end])):
        column = _column(item, own, keep)
        if column is None:
            return None
        columns.append(column)
    return Selection(tuple(columns), tuple(sorted({name for name, _ in _tables(words)}))) if columns else None


def _depths(words: list[str]) -> list[int]:
    """Return for each word in how many parentheses it is; a parenthesis itself counts as inside."""
    out: list[int] = []
    depth = 0
    for word in words:
        depth += word == "("
        out.append(depth)
        depth -= word == ")"
    return out


def _without_options(words: list[str]) -> list[str]:
    """Leave out what may stand before the list: `DISTINCT`, `DISTINCT ON (...)`, `TOP 10`."""
    if words and words[0].lower() in ("distinct", "all"):
        words = words[1:]
        if words and words[0].lower() == "on" and ")" in words:
            return words[words.index(")") + 1 :]
    if len(words) > 1 and words[0].lower() == "top":
        return words[words.index(")") + 1 :] if words[1] == "(" and ")" in words else words[2:]
    return words


def _divided(words: list[str]) -> list[list[str]]:
    """Divide a list at its commas."""
    items: list[list[str]] = [[]]
    for word, depth in zip(words, _depths(words), strict=True):
        if word == "," and not depth:
            items.append([])
        else:
            items[-1].append(word)
    return items


def _column(item: list[str], tables: list[tuple[str, str]], keep: frozenset[str]) -> Column | None:
    """Read one item of the list."""
    if not item or item[-1] == "*" or all(word in (GAP, ".") for word in item):
        return None  # all columns of a table, or any number of them
    name = ""
    if len(item) > 2 and item[-2].lower() == "as":
        name, item = _plain(item[-1]), item[:-2]
    elif len(item) > 1 and _is_name(item[-1]) and (_is_name(item[-2]) or item[-2] == ")"):
        name, item = _plain(item[-1]), item[:-1]
    source = _source(item, keep)
    if not source:
        return Column(name)
    owner = source[-2].lower() if len(source) > 1 else ""
    named = [table for table, alias in tables if not owner or owner in (alias, table)]
    return Column(name or source[-1], source[-1], named[0] if len(named) == 1 else "")


def _source(item: list[str], keep: frozenset[str]) -> list[str]:
    """Return the column that an expression is: `u.email`, `lower(email)`, `CAST(id AS text)`, `id::text`."""
    while len(item) > 3 and item[1] == "(" and item[0].lower() in keep and item[-1] == ")":
        item = _divided(item[2:-1])[0]
        depths = _depths(item)
        item = item[: next((i for i, word in enumerate(item) if word.lower() == "as" and not depths[i]), len(item))]
        if item and item[0].lower() == "distinct":
            item = item[1:]
    if "::" in item:
        item = item[: item.index("::")]
    if not item or len(item) % 2 == 0 or not all(_is_name(w) if i % 2 == 0 else w == "." for i, w in enumerate(item)):
        return []
    return [_plain(word) for word in item[::2]]


def _is_name(word: str) -> bool:
    return word[0] in '"`' or word.isidentifier()


def _plain(word: str) -> str:
    return word.strip('"`')


def _tables(words: list[str]) -> list[tuple[str, str]]:
    """List the tables with their other names: behind `FROM`, `JOIN`, `INTO` and `UPDATE`, and behind the commas there."""
    out: list[tuple[str, str]] = []
    position = 0
    while position < len(words):
        word = words[position].lower()
        position += 1
        if word not in ("from", "join", "into", "update"):
            continue
        while position < len(words) and _is_name(words[position]):
            name = _plain(words[position])
            position += 1
            while position + 1 < len(words) and words[position] == "." and _is_name(words[position + 1]):
                name, position = f"{name}.{_plain(words[position + 1])}", position + 2
            position += position < len(words) and words[position].lower() == "as"
            alias = ""
            if position < len(words) and _is_name(words[position]) and words[position].lower() not in NO_ALIAS:
                alias, position = _plain(words[position]), position + 1
            out.append((name.lower(), alias.lower()))
            if position >= len(words) or words[position] != ",":
                break
            position += 1
    return out
