"""Rows of a statement that is a text: what its columns are called, and so what they hold.

`cursor.execute("SELECT user_id, status FROM orders")` says what is at each position of the rows that `cursor.fetchall()` returns. A row
is read by position, by name or as attributes, as the client makes it. Only the name of a column can make its values an open set. No
claim of a few values is made: whether a column has few is not in the statement.

Which statement a cursor ran is read in the function that fetches: the last one that is written before.
"""

from __future__ import annotations

from cardlint.common.select_list import GAP, Column, Selection, selected
from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unbounded, unknown
from cardlint.inference.heuristics.guesses import held, of_source
from cardlint.inference.heuristics.label_names import normalise
from cardlint.inference.heuristics.source_names import PARTS, judged
from cardlint.inference.limits import MAX_NAMES
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Const, EnterContext, FreeVar, Iterate, Op, Param, Text, Use
from cardlint.knowledge.tables import (
    ASKS,
    CATALOGUES,
    EXECUTES,
    FETCHES,
    FREE_TEXTS,
    KEEP_TEXT,
    KEYS,
    OF_RESULTS,
    SETTINGS,
    STATEMENTS,
    WRITTEN_AS,
)

OF_THE_DATABASE = ValueSet(
    Bound.PER_DEPLOYMENT, "a name from the catalogue of a database", 1, kind="inventory", confidence=Confidence.LOW, named=True
)


def fetched(ev: Evaluator, term: Call, frame: Frame) -> Objects:
    """Return the rows that a call fetches, NOTHING where it fetches none, or its statement is not known."""
    if not isinstance(term.func, Attr):
        return BOTTOM
    name = term.func.name
    if name in ASKS and (chosen := _of_statement(ev, _first(term), frame)) is not None:
        return _shaped(ev, chosen, ASKS[name], frame, term.at)
    how = "values" if name == "scalars" else FETCHES.get(name)
    chosen = _of_rows(ev, term.func.base, frame, term.at) if how else None
    return _shaped(ev, chosen, how, frame, term.at) if chosen is not None and how else BOTTOM


def iterated(ev: Evaluator, term: Iterate, frame: Frame) -> Objects:
    """Return one row of what is iterated: a cursor, or the result of a statement."""
    chosen = _of_rows(ev, term.base, frame, term.at)
    return (_row(chosen, frame, term.at),) if chosen is not None else BOTTOM


def _first(call: Call) -> AnyTerm | None:
    """Return the statement that a call runs."""
    for name in STATEMENTS:
        found = terms.argument(call, 0, name)
        if found is not None:
            return found
    return None


def _of_rows(ev: Evaluator, base: AnyTerm, frame: Frame, at: At) -> Selection | None:
    """Return what the statement selects whose rows an object has: the result of a call that runs it, or a cursor."""
    for _ in range(MAX_NAMES):
        bare = terms.without_tests(base, frame)
        if isinstance(bare, EnterContext):
            inner = terms.without_tests(bare.base, frame)
            if not (isinstance(inner, Call) and terms.last_name(inner.func, frame) in EXECUTES):
                break
            bare = inner
        if isinstance(bare, Attr) and bare.name in OF_RESULTS:
            base = bare.base
            continue
        if not isinstance(bare, Call) or not isinstance(bare.func, Attr):
            break
        if bare.func.name in EXECUTES and bare.args + tuple(v for _, v in bare.kwargs):
            return _of_statement(ev, _first(bare), frame)
        if bare.func.name not in OF_RESULTS:
            break
        base = bare.func.base
    ran = _ran_before(base, frame, at)
    return _of_statement(ev, _first(ran), frame) if ran is not None else None


def _ran_before(cursor: AnyTerm, frame: Frame, at: At) -> Call | None:
    """Return the last call before a place that runs a statement on a cursor."""
    wanted = _spelled(cursor, frame)
    found: Call | None = None
    if not wanted:
        return None
    for definition in frame.ir.defs:
        call = definition.term
        if (
            isinstance(call, Call)
            and isinstance(call.func, Attr)
            and call.func.name in EXECUTES
            and call.at[:2] < at[:2]
            and (found is None or call.at[:2] > found.at[:2])
            and _spelled(call.func.base, frame) == wanted
        ):
            found = call
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


def _of_statement(ev: Evaluator, term: AnyTerm | None, frame: Frame) -> Selection | None:
    """Return what the text of a statement selects."""
    if term is None:
        return None
    said = {selected(text, KEEP_TEXT) for text in _written(ev, term, frame)}
    return said.pop() if len(said) == 1 else None


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


def _shaped(ev: Evaluator, chosen: Selection, how: str, frame: Frame, at: At) -> Objects:
    """Return what a method makes of the rows: all of them, one or None, or the first column."""
    row = _row(chosen, frame, at)
    if how in ("value", "values"):
        first = ev.force(row.items[0])
        return (Sequence("list", (), (row.items[0],)),) if how == "values" else (*first, exactly((None,)))
    return (Sequence("list", (), (Lazy(None, None, (row,)),)),) if how == "rows" else (row, exactly((None,)))


def _row(chosen: Selection, frame: Frame, at: At) -> Sequence:
    """Make one row: a tuple whose parts have names."""
    own = any(table.startswith(CATALOGUES) for table in chosen.tables)
    parts = tuple(Lazy(None, None, (_held(column, own, frame, at),)) for column in chosen.columns)
    named = {column.name.lower(): part for column, part in zip(chosen.columns, parts, strict=True) if column.name}
    whole: tuple[Object, ...] = (Mapping(tuple(named.items()), False),)
    keys = tuple(Lazy(None, None, (exactly((name,)),)) for name in named)
    pairs = tuple(Lazy(None, None, (Sequence("tuple", (key, part)),)) for key, part in zip(keys, named.values(), strict=True))
    methods = {
        "_asdict()": Lazy(None, None, whole),
        "_mapping": Lazy(None, None, whole),
        "keys()": Lazy(None, None, (Sequence("list", keys),)),
        "values()": Lazy(None, None, (Sequence("list", parts),)),
        "items()": Lazy(None, None, (Sequence("list", pairs),)),
    }
    return Sequence("tuple", parts, attributes={**methods, **named})


def _held(column: Column, of_database: bool, frame: Frame, at: At) -> ValueSet:
    """Return what a column holds, going by its name and that of its table."""
    name, source = column.name, column.source
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
