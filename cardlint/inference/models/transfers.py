"""Transfers: how calls of libraries compute their results.

Rows name a transfer (`same`, `choice`, `bins`, ...), and the functions here apply it. The rows say which library function
has which transfer.
"""

from __future__ import annotations

from math import ceil, floor, isfinite, trunc

from cardlint.common.numbers import parse_int
from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import BOTTOM, LibraryPath, Objects, Regex
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import (
    CHOSEN_BY_CLIENTS,
    Bound,
    ValueSet,
    bounded,
    computed,
    derived,
    exactly,
    named_guess,
    product,
    transformed,
    unknown,
)
from cardlint.inference.language import attributes, declared_data, intervals, parameters
from cardlint.inference.language import columns as row_columns
from cardlint.inference.models import files
from cardlint.inference.primitives import collections
from cardlint.ir.terms import AnyTerm, Attr, Call, Const, EnterContext, Iterate, Op, Star, Use
from cardlint.knowledge import conventions, processes
from cardlint.knowledge.conventions import DEVICES
from cardlint.knowledge.structuring import DOCUMENT_OF


def fixed(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the path of the option where all arguments are fixed for the process."""
    given = [ev.value(a, args.frame) for a in (*args.term.args, *(v for _, v in args.term.kwargs)) if not isinstance(a, Star)]
    receiver = args.receiver
    path = args.option if all(v.bound <= Bound.PER_DEPLOYMENT for v in given) or not isinstance(receiver, LibraryPath) else receiver.path
    chosen = [v for v in given if v.bound is Bound.UNBOUNDED and v.kind in CHOSEN_BY_CLIENTS]
    if chosen:  # its parts are as open as the text of the client
        return (LibraryPath(args.option.replace("(fixed)", "(input)"), append_step(chosen[0].trace, args.frame.place(args.term.at), "")),)
    if given and given[0].bound is Bound.EXACTLY and all(f"{v}/".startswith(DEVICES) for v in given[0].exact):
        path = path.replace("(fixed)", "(device)")
    return (LibraryPath(path, append_step(None, args.frame.place(args.term.at), "")),)


def joined_path(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return a path below another: `path.joinpath(a, b)` is `path / a / b`."""
    term = args.term
    if not isinstance(term.func, Attr) or any(isinstance(a, Star) for a in term.args):
        return (LibraryPath("pathlib.Path", append_step(None, args.frame.place(term.at), "")),)
    path: AnyTerm = term.func.base
    for part in term.args:
        path = Op("/", (path, part), term.at)
    return ev.eval(path, args.frame)


def tuples(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the rows of a query of named columns, as tuples."""
    return columns(ev, "columns", args)


def records(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the rows of a query of named columns, as dictionaries."""
    return columns(ev, "records", args)


def _given(args: TransferArgs) -> AnyTerm | None:
    """Return the argument whose position the option names, the first one without."""
    return terms.argument(args.term, parse_int(args.option) or 0)


def same(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the receiver where it is a value, else the argument."""
    return (args.receiver,) if isinstance(args.receiver, ValueSet) else argument(ev, args)


def kept(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return an argument that is rewritten: one text for each, and what it is of a library stays that."""
    alts = argument(ev, args)
    first = _given(args)
    if first is not None and any(isinstance(o, ValueSet) and o.bound is Bound.EXACTLY for o in alts):
        return tuple(_combined(ev, args, first, o) if isinstance(o, ValueSet) and o.bound is Bound.EXACTLY else o for o in alts)
    return alts


def argument(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return an argument as it is."""
    first = _given(args)
    return ev.eval(first, args.frame) if first is not None else BOTTOM


def added(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the arguments that were added to a parser of requests."""
    return declared_data.parsed(ev, args.term, args.frame)


def unpickled(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the items of a message that was pickled; an object has attributes of its own class, and is not known."""
    sent = ev.value(first, args.frame) if (first := _given(args)) is not None else unknown("nothing to unpickle")
    if sent.bound is not Bound.UNBOUNDED or sent.kind != "payload":
        return (unknown("an object that was pickled"),)
    return (Mapping(((UnknownKey(), Lazy(None, None, (sent,))),), True),)


def cast(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the second argument; where it is not known, the first one says what it is."""
    if len(args.term.args) != 2 or any(isinstance(a, Star) for a in args.term.args):
        return BOTTOM
    annotation, given = args.term.args
    return parameters.declared(ev, ev.eval(given, args.frame), annotation, args.frame, forward=True)


def parse(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return an argument as its text."""
    first = _given(args)
    return (ev.value(first, args.frame),) if first is not None else BOTTOM


def rewrite(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return another text for each one of the argument."""
    first = _given(args)
    if first is None:
        return BOTTOM
    text = ev.value(first, args.frame)
    if text.bound <= Bound.PER_DEPLOYMENT:
        return (_combined(ev, args, first, text),)
    return (rewritten(text),)


def _combined(ev: Evaluator, args: TransferArgs, first: AnyTerm, text: ValueSet) -> ValueSet:
    """Return what a call makes of a text from the code: one text for each combination of its arguments."""
    others = [a for a in (*args.term.args, *(v for _, v in args.term.kwargs)) if a is not first]
    parts = [text]
    for other in others:
        alts = ev.eval(other.base if isinstance(other, Star) else other, args.frame)
        if alts and all(isinstance(o, Regex) and o.pattern is not None for o in alts):
            continue
        if not all(isinstance(o, (ValueSet, LibraryPath)) for o in alts):
            return unknown("a text that unknown code rewrites")
        parts.append(ev.scalar(alts, args.frame, other.at))
    whole = product(parts)
    path = args.receiver.path if isinstance(args.receiver, LibraryPath) else ""
    return (
        derived(whole.size or 1, "a text from the code, rewritten", ("rewritten", path), *parts) if whole.bound <= Bound.BOUNDED else whole
    )


def pieces(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return a list of parts of the argument."""
    return (Sequence("list", (), (_part(ev, _given(args), args.frame),)),)


def query(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the parameters of a URL."""
    return _query(ev, _given(args), args.option == "pairs", args.frame)


def attribute(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the attribute of the receiver that the first argument names, or the default: `g.get("user", "none")`."""
    name = ev.value(args.term.args[0], args.frame) if args.term.args else None
    if not isinstance(args.receiver, LibraryPath) or name is None or len(name.exact) != 1 or not isinstance(name.exact[0], str):
        return BOTTOM
    base = LibraryPath(args.receiver.path.rpartition(".")[0], args.receiver.trace)
    found = attributes.external(ev, base, f".{name.exact[0]}", args.term, args.frame)
    default = terms.argument(args.term, 1, "default")
    return join_objects([found, ev.eval(default, args.frame) if default is not None else (exactly((None,)),)])


def joined(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the text that the arguments form together."""
    parts = [ev.value(a.base if isinstance(a, Star) else a, args.frame) for a in args.term.args]
    return (product(parts),) if parts else BOTTOM


def element(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return one element of the argument."""
    first = _given(args)
    return ev.eval(Iterate(first, args.term.at), args.frame) if first is not None else BOTTOM


def best(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return one element of the argument, or the default."""
    first = _given(args)
    if first is None:
        return BOTTOM
    alts = ev.eval(Iterate(first, args.term.at), args.frame)
    position = parse_int(args.option) or 0
    default = terms.argument(args.term, position + 1, "default")
    return join_objects([alts, ev.eval(default, args.frame) if default is not None else (exactly((None,)),)])


def result(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the result of the function that is an argument."""
    term, frame = args.term, args.frame
    first = _given(args)
    if first is None:
        return BOTTOM
    key = ("result", id(term))
    rest = frame.synthetic_calls.get(key)  # the same call object every time: results are kept by identity
    if rest is None:
        position = parse_int(args.option) or 0
        rest = frame.synthetic_calls[key] = Call(first, term.args[position + 1 :], term.kwargs, term.at)
    return ev.eval(rest, frame)


def int_range(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return a whole number of a range."""
    return (_int_range(ev, args.term, args.frame),)


def bins(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the index of a bin."""
    return (_bins(ev, args.term, args.frame),)


def halves(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return two parts of the argument."""
    part = _part(ev, _given(args), args.frame)
    return (Sequence("tuple", (part, part)),)


def whole(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return numbers cut to whole ones: as many at most, and few where they are logarithms."""
    first = _given(args)
    if first is None:
        return BOTTOM
    value = ev.value(first, args.frame)
    if value.bound is Bound.EXACTLY:
        numbers = [v for v in value.exact if isinstance(v, (int, float)) and isfinite(v)]
        cut = {"floor": floor, "ceil": ceil}.get(
            args.receiver.path.rpartition(".")[2] if isinstance(args.receiver, LibraryPath) else "", trunc
        )
        return (computed(cut(v) for v in numbers),)
    term = first
    while isinstance(term, Use):
        term = args.frame.ir.defs[term.index].term
    called = ev.eval(term.func, args.frame) if isinstance(term, Call) and len(term.args) == 1 else BOTTOM
    if called and all(isinstance(o, LibraryPath) and o.path in LOGARITHMS for o in called):
        return (bounded(LOGARITHMS_OF_FLOATS, "logarithm, cut to a whole number"),)
    return (intervals.cut(ev, args.term, args.frame, value),)


OUTPUTS = conventions.names(processes.OUTPUTS)
"""Attributes that hold the output of a program."""
LOGARITHMS = frozenset({"math.log", "math.log2", "math.log10", "math.log1p"})
LOGARITHMS_OF_FLOATS = 2100
"""Whole numbers that the binary logarithm of a float can be; those of one library or another give fewer."""


def length(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return a length, whose value is not known."""
    return (unknown("a length"),)


def modulo(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return one of as many values as the row gives."""
    return (bounded(args.size or 20, args.why),)


def parsed(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the content of a text: settings, if the text is fixed for the deployment, else a client's data."""
    first, frame = _given(args), args.frame
    if first is not None and files.is_undecided(ev.eval(first, frame)):
        return ev.eval(first, frame)
    text = ev.value(first, frame).spread() if first is not None else None
    if text is not None and (said := named_guess(text)) is not None and said.bound is Bound.PER_DEPLOYMENT:
        return (unknown("JSON from an unknown text", guess=said),)  # `json.loads(config["regions"])`
    fixed = text is not None and text.bound <= Bound.PER_DEPLOYMENT
    if text is not None and text.bound is Bound.UNKNOWN and _is_output(first):
        kind = "program-output"
    else:
        kind = text.kind if text is not None else ""
    path = "json.load()" if fixed else DOCUMENT_OF.get(kind, "json.loads()")
    return (LibraryPath(path, append_step(None, frame.place(args.term.at), "")),)


def _is_output(term: AnyTerm | None) -> bool:
    """Tell whether a text is read as the output of a program: `run(...).stdout`, where nothing is known about `run`."""
    while isinstance(term, Call) and isinstance(term.func, Attr):
        term = term.func.base
    return isinstance(term, Attr) and term.name in OUTPUTS


def loaded(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the content of a file: settings, if its path is fixed for the deployment, as is usual, else a client's data.

    With the option `settings` the format is one of configuration: a file that the command line names is one, too, and only what a
    client or a server sent is none.
    """
    first, frame = _given(args), args.frame
    if args.option == "settings" and _is_opened(first, frame):
        return (LibraryPath("json.load()", append_step(None, frame.place(args.term.at), "")),)
    alts = ev.eval(first, frame) if first is not None else BOTTOM
    text = ev.scalar(alts, frame, args.term.at).spread() if alts else unknown("")
    grows = text.bound is Bound.UNBOUNDED
    if args.option == "settings":
        grows = grows and (text.kind in CHOSEN_BY_CLIENTS or text.kind == "server-text")
    else:
        grows = grows or files.is_picked(alts)
    return (
        LibraryPath(
            DOCUMENT_OF.get(text.kind, "json.loads()") if grows else "json.load()", append_step(None, frame.place(args.term.at), "")
        ),
    )


def _is_opened(term: AnyTerm | None, frame: Frame) -> bool:
    """Tell whether a file is opened right here: `with open(path) as f`. Nothing else of it has to be followed then."""
    while isinstance(term, (Use, EnterContext)):
        term = frame.ir.defs[term.index].term if isinstance(term, Use) else term.base
    return isinstance(term, Call) and terms.last_name(term.func, frame) == "open"


def _part(ev: Evaluator, term: AnyTerm | None, frame: Frame) -> Lazy:
    """Return a part of a text: as unbounded as the text."""
    text = ev.value(term, frame) if term is not None else unknown("a part of a text")
    return Lazy(None, None, (unknown("a part of a text") if text.bound is Bound.EXACTLY else text.spread(),))


def _query(ev: Evaluator, term: AnyTerm | None, pairs: bool, frame: Frame) -> Objects:
    """Return the parameters of a URL: lists of texts by name, or pairs of a name and a text."""
    part = _part(ev, term, frame)
    if pairs:
        return (Sequence("list", (), (Lazy(None, None, (Sequence("tuple", (part, part)),)),)),)
    return (Mapping(((UnknownKey(part), Lazy(None, None, (Sequence("list", (), (part,)),))),), False),)


def rewritten(text: ValueSet) -> ValueSet:
    """Return a set of texts that are rewritten one by one: it has at most as many."""
    if text.bound is Bound.EXACTLY:
        return derived(max(1, len(text.exact)), "a text from the code, rewritten", "rewritten", text)
    return transformed(text, "rewritten")


def columns(ev: Evaluator, name: str, args: TransferArgs) -> Objects:
    """Return the rows of a query of named columns: tuples, dictionaries or, with `flat=True`, the values of one column."""
    record, term, frame = args.returns, args.term, args.frame
    table = args.receiver.table if isinstance(args.receiver, LibraryPath) else None
    chosen: list[tuple[str, Lazy]] = []
    for argument in term.args:
        value = ev.value(argument, frame)
        if isinstance(argument, Star) or value.bound is not Bound.EXACTLY or len(value.exact) != 1:
            return (Sequence("list", (), (Lazy(None, None, (unknown("columns with unknown names"),)),)),)
        column = str(value.exact[0])
        read = Attr(Const(None, argument.at), column, argument.at)
        held = row_columns.column(ev, table, column, read, frame) or attributes.external(ev, LibraryPath(record), f".{column}", read, frame)
        chosen.append((column, Lazy(None, None, held)))
    if not chosen:
        row: Objects = (LibraryPath(record, append_step(None, frame.place(term.at), "")),)
    elif name == "records":
        row = (Mapping(tuple(chosen), False),)
    elif any(keyword == "flat" and isinstance(v, Const) and v.value is True for keyword, v in term.kwargs):
        return (Sequence("list", (), (chosen[0][1],)),)
    else:
        row = (Sequence("tuple", tuple(thunk for _, thunk in chosen)),)
    return (Sequence("list", (), (Lazy(None, None, row),)),)


def rows(ev: Evaluator, args: TransferArgs) -> Objects:
    """Return the rows that a call fetches of a statement whose columns are written."""
    from cardlint.inference.language import queried_rows  # noqa: PLC0415 - few programs need it, and every start would pay for it

    return queried_rows.fetched(ev, args.term, args.frame)


def _int_range(ev: Evaluator, term: Call, frame: Frame) -> ValueSet:
    ends = [ev.value(a, frame) for a in term.args[:2] if not isinstance(a, Star)]
    numbers = [e.exact[0] for e in ends if e.bound is Bound.EXACTLY and len(e.exact) == 1 and type(e.exact[0]) is int]
    if len(numbers) == 2 and isinstance(numbers[0], int) and isinstance(numbers[1], int):
        return bounded(max(1, numbers[1] - numbers[0] + 1), f"a number from {numbers[0]} to {numbers[1]}")
    if len(numbers) == 1 and len(ends) == 1 and isinstance(numbers[0], int):
        return bounded(max(1, numbers[0]), f"a number below {numbers[0]}")
    return unknown("a random number from an unknown range")


def _bins(ev: Evaluator, term: Call, frame: Frame) -> ValueSet:
    first = terms.argument(term, 0)
    items = collections.as_items(ev, ev.eval(first, frame)) if first is not None else None
    return bounded(len(items) + 1 if items is not None else 20, "index of a bin")
