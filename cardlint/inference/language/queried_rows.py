"""Rows of a statement that is a text: what its columns are called, and so what they hold.

`cursor.execute("SELECT user_id, status FROM orders")` says what is at each position of the rows that `cursor.fetchall()` returns. A row
is read by position, by name or as attributes, as the client makes it. Only the name of a column can make its values an open set. No
claim of a few values is made: whether a column has few is not in the statement.

Which statement a cursor ran is read in the function that fetches: the last one that is written before.
"""

from __future__ import annotations

from bisect import bisect_left

from msgspec import Struct

from cardlint.common.select_list import GAP, Column, selected
from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.core.query import query
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, ClassObject, Instance, LibraryPath, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unbounded, unknown
from cardlint.inference.heuristics.guesses import held, of_source
from cardlint.inference.heuristics.label_names import normalise
from cardlint.inference.heuristics.source_names import PARTS, judged
from cardlint.inference.language import columns
from cardlint.inference.limits import MAX_NAMES
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Choice, Const, EnterContext, FreeVar, Iterate, Op, Param, Text, Use
from cardlint.knowledge.tables import (
    ASKS,
    CATALOGUES,
    EXECUTES,
    FETCHES,
    FREE_TEXTS,
    KEEP_TEXT,
    KEYS,
    LISTING,
    NARROWING,
    OF_ONE_COLUMN,
    OF_RESULTS,
    OF_SESSIONS,
    SETTINGS,
    STATEMENTS,
    TAKES_TABLE,
    WRITTEN_AS,
)

OF_THE_DATABASE = ValueSet(
    Bound.PER_DEPLOYMENT, "a name from the catalogue of a database", 20, kind="inventory", confidence=Confidence.LOW, named=True
)


Part = tuple[str, Objects]
"""A column of a result: its name, and what it holds."""


class Rows(Struct, frozen=True, gc=False):
    """What is fetched."""

    parts: tuple[Part, ...]
    scalar: bool = False
    """whether only the first column of each row is fetched"""


def fetched(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Return the rows that a call fetches, NOTHING where it fetches none, or its statement is not known."""
    if not isinstance(term.func, Attr):
        return BOTTOM
    name = term.func.name
    if name in ASKS and (first := _first(term)) is not None and (parts := _of_statement(ev, first, frame, term.at)):
        return _shaped(Rows(parts), ASKS[name])
    found = _of_rows(ev, term.func.base, frame, term.at) if name in FETCHES else None
    return _shaped(found, FETCHES[name]) if found is not None else BOTTOM


def iterated(ev: Evaluator, term: Iterate, frame: Frame) -> Objects:
    """Return one row of what is iterated: a cursor, or the result of a statement."""
    found = _of_rows(ev, term.base, frame, term.at)
    return _one_of(found) if found is not None else BOTTOM


def _first(call: Call) -> AnyTerm | None:
    """Return the statement that a call runs."""
    for name in STATEMENTS:
        found = terms.argument(call, 0, name)
        if found is not None:
            return found
    return None


def _of_rows(ev: Evaluator, base: AnyTerm, frame: Frame, at: At) -> Rows | None:
    """Return what an object has rows of: the result of a call that runs a statement, a query, or a cursor."""
    scalar = False
    for _ in range(MAX_NAMES):
        bare = terms.without_tests(base, frame)
        if isinstance(bare, EnterContext):
            bare = terms.without_tests(bare.base, frame)
            if not isinstance(bare, Call) or terms.last_name(bare.func, frame) not in EXECUTES:
                break
        if isinstance(bare, Attr) and bare.name in OF_RESULTS:
            base = bare.base
            continue
        if not isinstance(bare, Call) or not isinstance(bare.func, Attr):
            break
        name = bare.func.name
        if (chosen := _selecting(ev, bare, frame)) is not None:
            parts = _listed(ev, chosen, frame, at)
            whole = len(parts) == 1 and isinstance(parts[0][1][0], Instance)
            return Rows(parts, scalar) if parts and not whole else None
        if name in EXECUTES and (first := _first(bare)) is not None:
            parts = _of_statement(ev, first, frame, at)
            return Rows(parts, scalar or name in OF_ONE_COLUMN or (name == "exec" and len(parts) == 1)) if parts else None
        if name not in OF_RESULTS and name not in OF_ONE_COLUMN:
            break
        scalar = scalar or name in OF_ONE_COLUMN
        base = bare.func.base
    ran = _ran_before(ev, base, frame, at)
    parts = _of_statement(ev, ran, frame, at) if ran is not None else ()
    return Rows(parts, scalar) if parts else None


def _ran_before(ev: Evaluator, cursor: AnyTerm, frame: Frame, at: At) -> AnyTerm | None:
    """Return the statement of the last call before a place that runs one on a cursor."""
    ran = _executions(ev, frame).get(_spelled(cursor, frame), ())
    before = bisect_left(ran, at[:2], key=lambda call: call.at[:2])
    return _first(ran[before - 1]) if before else None


@query(initial=dict[str, list[Call]](), key=lambda frame: id(frame.ir))
def _executions(ev: Evaluator, frame: Frame) -> dict[str, list[Call]]:
    """List the calls of a function that run statements, by what runs them, in order of place."""
    found: dict[str, list[Call]] = {}
    for definition in frame.ir.defs:
        call = definition.term
        if (
            isinstance(call, Call)
            and isinstance(call.func, Attr)
            and call.func.name in EXECUTES
            and (by := _spelled(call.func.base, frame))
        ):
            found.setdefault(by, []).append(call)
    for calls in found.values():
        calls.sort(key=lambda call: call.at[:2])
    return found


def _spelled(term: AnyTerm, frame: Frame) -> str:
    """Write a name, or attributes of one, so that two places with one text mean one object; '' for anything else."""
    path = ""
    for _ in range(MAX_NAMES):
        if isinstance(term, Attr):
            path, term = f".{term.name}{path}", term.base
            continue
        bare = terms.without_tests(term, frame)
        if isinstance(bare, (Param, FreeVar)):
            return bare.name + path
        if isinstance(bare, Attr):
            term = bare
            continue
        return f"{term.index}{path}" if isinstance(term, Use) else f"{bare.at}{path}" if isinstance(bare, Call) else ""
    return ""


def _of_statement(ev: Evaluator, term: AnyTerm, frame: Frame, at: At) -> tuple[Part, ...]:
    """Return the columns that a statement selects, a text or a call of `select`; nothing where they are not known."""
    chosen = _selecting(ev, term, frame)
    if chosen is not None:
        return _listed(ev, chosen, frame, at)
    said = {selected(text, KEEP_TEXT) for text in _written(ev, term, frame)}
    found = said.pop() if len(said) == 1 else None
    if found is None:
        return ()
    own = any(table.startswith(CATALOGUES) for table in found.tables)
    return tuple((column.name, (_held(column, own, frame, at),)) for column in found.columns)


def _selecting(ev: Evaluator, term: AnyTerm, frame: Frame) -> Call | None:
    """Return the call that lists the columns of a statement or query: `select(...)`, `session.query(...)`, `query.with_entities(...)`."""
    for _ in range(MAX_NAMES):
        bare = terms.without_tests(term, frame)
        if isinstance(bare, Choice):
            found = [_selecting(ev, option, frame) for option in bare.options]
            return found[0] if found and all(call is found[0] for call in found) else None
        if not isinstance(bare, Call):
            return None
        name = terms.last_name(bare.func, frame)
        if name == "with_entities":
            return bare
        if name in LISTING:
            called = ev.eval(bare.func, frame)
            paths = [ev.library.canonical(f"{ev.library.onward(o.path)}()") for o in called if isinstance(o, LibraryPath)]
            return bare if paths and all(path in TAKES_TABLE for path in paths) else None
        if not isinstance(bare.func, Attr) or name not in NARROWING:
            return None
        term = bare.func.base
    return None


def _listed(ev: Evaluator, call: Call, frame: Frame, at: At) -> tuple[Part, ...]:
    """Return the columns that are arguments of a call; nothing where their number is not known."""
    parts = [_argument(ev, argument, frame, at) for argument in call.args]
    known = tuple(part for part in parts if part is not None)
    return known if len(known) == len(parts) else ()


def _argument(ev: Evaluator, term: AnyTerm, frame: Frame, at: At) -> Part | None:
    """Return one column: a table, an attribute of one, or what is made of one. None where it may be a table with many columns."""
    name = ""
    for _ in range(MAX_NAMES):
        term = terms.without_tests(term, frame)
        if isinstance(term, Call) and isinstance(term.func, Attr) and term.func.name in ("label", "distinct"):
            if term.args and isinstance(term.args[0], Const):
                name = name or str(term.args[0].value)
            term = term.func.base
        elif isinstance(term, Call) and term.args and terms.last_name(term.func, frame) in KEEP_TEXT:
            term = term.args[0]
        else:
            break
    if isinstance(term, Call):
        return name, (_held(Column(name), False, frame, at),)
    found = ev.eval(term, frame)
    if len(found) == 1 and isinstance(found[0], ClassObject) and columns.is_table(ev, found[0]):
        return name or found[0].ir.name, (Instance(found[0], None),)
    if not isinstance(term, Attr):
        return None
    base = term.base.base if isinstance(term.base, Attr) and term.base.name == "c" else term.base
    owners = [o for o in ev.eval(base, frame) if isinstance(o, ClassObject)]
    owner = owners[0].ir.name if len(owners) == 1 else terms.last_name(base, frame)
    if term.name[:1].isupper() or (base is term.base and not owner[:1].isupper()):
        return None  # `models.User`
    held_there = columns.column(ev, owners[0], term.name, term, frame) if len(owners) == 1 else BOTTOM
    return name or term.name, held_there or (_held(Column(name or term.name, term.name, owner), False, frame, at),)


def _written(ev: Evaluator, term: AnyTerm, frame: Frame) -> tuple[str, ...]:
    """Return the text of a statement, with gaps where parts of it are not known; nothing where there is no text."""
    bare = terms.without_tests(term, frame)
    if isinstance(bare, FreeVar):
        module = frame.file.frame(0)
        index = module.ir.exits.get(bare.name)
        if (
            index is not None
            and frame.ir is not module.ir
            and isinstance(terms.without_tests(module.ir.defs[index].term, module), (Call, Text))
        ):
            return _written(ev, module.ir.defs[index].term, module)
    if isinstance(bare, Call) and bare.args and terms.last_name(bare.func, frame) in WRITTEN_AS:
        return _written(ev, bare.args[0], frame)
    if isinstance(bare, Call) and isinstance(bare.func, Attr) and bare.func.name in ("format", "strip"):
        return _written(ev, bare.func.base, frame)
    if isinstance(bare, Text) or (isinstance(bare, Op) and bare.op == "+"):
        parts = [_written(ev, part, frame) for part in (bare.parts if isinstance(bare, Text) else bare.args)]
        return ("".join(part[0] if len(part) == 1 else GAP for part in parts),)
    if isinstance(bare, Const):
        return (bare.value,) if isinstance(bare.value, str) else ()
    value = ev.value(term, frame)
    return tuple(v for v in value.exact if isinstance(v, str)) if value.bound is Bound.EXACTLY else ()


def _shaped(rows: Rows, how: str) -> Objects:
    """Return what a method makes of the rows: all of them, one or None, or the first column."""
    one = _one_of(rows)
    if how == "value" and not rows.scalar:
        one = rows.parts[0][1]
    return (Sequence("list", (), (Lazy(None, None, one),)),) if how == "rows" else (*one, exactly((None,)))


def _one_of(rows: Rows) -> Objects:
    """Make one row: a tuple whose parts have names."""
    if rows.scalar:
        return rows.parts[0][1]
    parts = tuple(Lazy(None, None, held) for _, held in rows.parts)
    named = {name: part for (name, _), part in zip(rows.parts, parts, strict=True) if name}
    keys = tuple(Lazy(None, None, (exactly((name,)),)) for name in named)
    pairs = tuple(Lazy(None, None, (Sequence("tuple", (key, part)),)) for key, part in zip(keys, named.values(), strict=True))
    whole = Lazy(None, None, (Mapping(tuple(named.items()), False),))
    methods = {
        "_asdict()": whole,
        "_mapping": whole,
        "keys()": Lazy(None, None, (Sequence("list", keys),)),
        "values()": Lazy(None, None, (Sequence("list", parts),)),
        "items()": Lazy(None, None, (Sequence("list", pairs),)),
    }
    return (Sequence("tuple", parts, attributes={**methods, **named}),)


def _held(column: Column, of_database: bool, frame: Frame, at: At) -> ValueSet:
    """Return what a column holds, going by its name and that of its table."""
    name, source = column.name, column.source
    if of_database and source.lower() in OF_SESSIONS:
        session = unbounded("database", f"column `{source}` of the sessions of a database", confidence=Confidence.MEDIUM)
        return session.step(frame.place(at), f"column `{source}` is selected here")
    if of_database:
        return unknown("a column of the catalogue of a database", guess=OF_THE_DATABASE)
    table = _one(column.table.rpartition(".")[2])
    setting = normalise(table).rpartition("_")[2] in SETTINGS
    if not source or setting:
        return unknown("a column that a query computes" if not source else f"column `{source}`", guess=of_source(name or source, table))
    shown = f"column `{source}`" + (f" of `{column.table}`" if column.table else "")
    spoken = f"{held(table)}_{source}" if table and source.lower() in PARTS else source
    written = f"{column.table}.{source}" if column.table else source
    found = judged(spoken, frame, at, written) or judged(source, frame, at) or judged(name, frame, at)
    if found is not None:
        return found
    if table and source.lower() in KEYS:
        return unbounded("database", f"a database key, {shown}").step(frame.place(at), f"{shown} is selected here")
    if normalise(source) in FREE_TEXTS:
        text = unbounded("free-text", f"text from a database, {shown}", confidence=Confidence.MEDIUM)
        return text.step(frame.place(at), f"{shown} is selected here")
    return unknown(shown, guess=of_source(source, table))


def _one(table: str) -> str:
    """Return the name of one row of a table: `user` for `users`, `category` for `categories`."""
    if table.endswith("ies"):
        return table[:-3] + "y"
    return (
        table[:-2] if table.endswith(("sses", "xes", "uses")) else table[:-1] if table.endswith("s") and not table.endswith("ss") else table
    )
