"""How calls of libraries compute their results.

Rows name a transfer (`same`, `choice`, `bins`, ...); the functions here carry them out. Which library function does what
is knowledge and stands in the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cardlint.facts.terms import AnyTerm, Attr, Call, Const, Elem, Outer, Star
from cardlint.link import attributes, calls, containers, files, limits, matching, methods, scalars
from cardlint.link.attributes import KEEPING
from cardlint.link.frames import Frame
from cardlint.link.objects import (
    NOTHING,
    Alts,
    AnyKey,
    Ext,
    Mapping,
    Sequence,
    Thunk,
    merge,
)
from cardlint.link.values import Cls as Class
from cardlint.link.values import Value, bounded, exactly, extend, product, transformed, unknown
from cardlint.numbers import capped, parse_int

if TYPE_CHECKING:
    from cardlint.link.evaluator import Evaluator

SPLITTING = frozenset({"split", "rsplit", "partition", "rpartition"})
"""Methods that give parts of a text, which may be other sets than the text."""


def external_call(ev: Evaluator, obj: Ext, term: Call, frame: Frame) -> Alts:
    """Call something of a library: a metric class, a builtin, a function with a row, or the constructor of a class."""
    from cardlint.link import metrics

    library = ev.library
    path = obj.path
    if len(path) > limits.MAX_PATH:
        return (unknown(limits.LONG_PATH, guess=obj.guess),)
    found = metrics.constructed(ev, path, term, frame)
    if found is not None:
        return found
    from cardlint.link.builtin_calls import BUILTIN_CALLS

    if path in BUILTIN_CALLS:
        return BUILTIN_CALLS[path](ev, term, frame)
    if path.startswith("re."):
        matched = matching.compiled(ev, path, term, frame)
        if matched is not None:
            return matched
    if path.endswith(".get") and term.args and library.has_items(library.onward(path.removesuffix(".get"))):
        return _external_get(ev, Ext(path.removesuffix(".get"), obj.trail), term, frame)
    holder, _, last = path.rpartition(".")
    called = library.canonical(library.onward(path) + "()")
    row = library.row(called)
    if library.own(called) is None:  # what a row says of all that is reached from it says nothing of how this call computes
        if last in methods.ABOUT_TEXTS and library.row(holder) is not None:
            return (methods.ABOUT_TEXTS[last],)  # it says something of a text, and holds nothing of it
        if calls.is_lookup(term) and ("(" in path or "[" in path):
            return _external_get(ev, Ext(path.removesuffix(".get").removesuffix(".pop"), obj.trail), term, frame)
        row = row._replace(how="") if row is not None else None
        if row is not None and row.cls and path.rpartition(".")[2] in SPLITTING:
            text = scalars.of_row(ev, Ext(path.rpartition(".")[0], obj.trail), frame.place(term.at))
            return methods.text_method(ev, text, path.rpartition(".")[2], term, frame)
    if row is not None and row.how in ("file", "file:read", "file:names"):
        return files.opened(ev, row.how.partition(":")[2], path, term, frame)
    if row is not None and row.how == "file-rows":
        return files.rows(ev, path, term, frame)
    if row is not None and row.how:
        return apply(ev, row.how, row.why, row.size, obj, term, frame, row.returns) or (unknown(f"`{path}` without its argument"),)
    if row is not None:
        return (Ext(called, extend(None, frame.place(term.at), "")),)
    if last[:1].isupper() and "(" not in last:
        if last.endswith(("Error", "Exception")) and path.startswith("builtins."):
            return (Ext("builtins.BaseException", extend(None, frame.place(term.at), "")),)
        return (Ext(path, extend(None, frame.place(term.at), "")),)
    if last in KEEPING and (obj.guess is not None or _is_value(path) or library.row(path.rpartition(".")[0]) is not None):
        return (Ext(path.rpartition(".")[0], obj.trail, obj.guess),)
    suspect = calls.suspect(ev, term, frame)
    if suspect is not None:
        return (unknown(f"what `{path}()` returns is not known", suspect),)
    return (Ext(called, extend(None, frame.place(term.at), "")),)


def _is_value(path: str) -> bool:
    """Tell whether a path has left the names of a library: something called, an item, or an attribute of an instance."""
    return "(" in path or "[" in path or any(part[:1].isupper() for part in path.split(".")[1:-2])


def _external_get(ev: Evaluator, base: Ext, term: Call, frame: Frame) -> Alts:
    """Call `get(key, default)` on a mapping of a library: it is the item, or the default."""

    if any(name == "type" and isinstance(v, Outer) and v.name == "bool" for name, v in term.kwargs):
        return (exactly((False, True)),)
    key = ev.value(term.args[0], frame)
    constant = key.cls is Class.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], (str, int))
    found = attributes.external(ev, base, f"[{key.exact[0]}]" if constant else "[]", term, frame)
    default = calls.argument(term, 1, "default")
    return merge([found, ev.eval(default, frame) if default is not None else (exactly((None,)),)])


def apply(
    ev: Evaluator, how: str, why: str, size: int | None, receiver: Ext | Value | None, term: Call, frame: Frame, returns: str = ""
) -> Alts:
    """Carry out a transfer named by a row."""
    name, _, position = how.partition(":")
    if name == "fixed":
        given = [ev.value(a, frame) for a in (*term.args, *(v for _, v in term.kwargs)) if not isinstance(a, Star)]
        path = position if all(v.cls <= Class.PER_DEPLOYMENT for v in given) or not isinstance(receiver, Ext) else receiver.path
        return (Ext(path, extend(None, frame.place(term.at), "")),)
    if name in ("columns", "records"):
        return columns(ev, name, returns, term, frame)
    if name == "typed":
        return typed(ev, position, term, frame)
    index = parse_int(position) or 0
    first = calls.argument(term, index)
    if name in ("same", "arg"):
        if name == "same" and isinstance(receiver, Value):
            return (receiver,)
        if first is None:
            return NOTHING
        return ev.eval(first, frame)
    if name == "rewritten":
        return (rewritten(ev.value(first, frame)),) if first is not None else NOTHING
    if name == "pieces":
        return (Sequence("list", (), (_part(ev, first, frame),)),)
    if name == "query":
        return _query(ev, first, position == "pairs", frame)
    if name == "joined":
        parts = [ev.value(a.base if isinstance(a, Star) else a, frame) for a in term.args]
        return (product(parts),) if parts else NOTHING
    if name == "element":
        return containers.element(ev, Elem(first, term.at), frame) if first is not None else NOTHING
    if name in ("choice", "best"):
        if first is None:
            return NOTHING
        alts = containers.element(ev, Elem(first, term.at), frame)
        if name == "choice":
            return alts
        default = calls.argument(term, index + 1, "default")
        return merge([alts, ev.eval(default, frame) if default is not None else (exactly((None,)),)])
    if name in ("result", "call"):
        if first is None:
            return NOTHING
        key = ("result", id(term))
        rest = frame.made_up.get(key)  # the same call every time: its results are kept by identity
        if rest is None:
            rest = frame.made_up[key] = Call(first, term.args[index + 1 :], term.kwargs, term.at)
        return calls.call(ev, rest, frame)
    if name == "int-range":
        return (_int_range(ev, term, frame),)
    if name == "dependency":
        from cardlint.link import shapes

        return shapes.dependency(ev, first, frame, term.at) if first is not None else NOTHING
    if name == "url-parts":
        from cardlint.link import urls

        return urls.parts(ev, first, frame, urls.PARSED if position else urls.SPLIT) if first is not None else NOTHING
    if name == "strftime":
        return (strftime(ev, term, frame),)
    if name == "bins":
        return (_bins(ev, term, frame),)
    if name == "length":
        return (unknown("a length"),)
    if name == "modulo":
        return (bounded(size or 20, why),)
    if name == "parsed":  # text that is fixed for the deployment parses to settings, any other to what somebody sent
        if first is not None and files.is_undecided(ev.eval(first, frame)):
            return ev.eval(first, frame)
        text = ev.value(first, frame) if first is not None else None
        fixed = text is not None and text.cls <= Class.PER_DEPLOYMENT
        return (Ext("json.load()" if fixed else "json.loads()", extend(None, frame.place(term.at), "")),)
    if name == "loaded":  # of a file that lies where the deployment says, as almost all do, or of what somebody sent
        alts = ev.eval(first, frame) if first is not None else NOTHING
        grows = files.is_picked(alts) or (bool(alts) and ev.scalar(alts, frame, term.at).cls is Class.UNBOUNDED)
        return (Ext("json.loads()" if grows else "json.load()", extend(None, frame.place(term.at), "")),)
    if name == "parse":
        value = ev.value(first, frame) if first is not None else None
        return (value,) if value is not None else NOTHING
    return (unknown(f"`{how}` of a library call"),)


def typed(ev: Evaluator, how: str, term: Call, frame: Frame) -> Alts:
    """Return the instance that a function makes of data: `msgspec.convert(data, Event)`, `msgspec.json.decode(text, type=Event)`."""
    from cardlint.link import validated

    data, wanted, keyword, *text = how.split(":")
    given = calls.argument(term, int(data), "data")
    cls = calls.argument(term, int(wanted), keyword)
    if given is None:
        return NOTHING
    if cls is not None:
        return validated.of_type(ev, cls, given, bool(text), term, frame)
    return apply(ev, "parsed", "", None, None, term, frame) if text else ev.eval(given, frame)


def _part(ev: Evaluator, term: AnyTerm | None, frame: Frame) -> Thunk:
    """Return a part of a text: as open as the text."""
    text = ev.value(term, frame) if term is not None else unknown("a part of a text")
    return Thunk(None, None, (unknown("a part of a text") if text.cls is Class.EXACTLY else text,))


def _query(ev: Evaluator, term: AnyTerm | None, pairs: bool, frame: Frame) -> Alts:
    """Return the parameters of a URL: lists of texts by name, or pairs of a name and a text."""
    part = _part(ev, term, frame)
    if pairs:
        return (Sequence("list", (), (Thunk(None, None, (Sequence("tuple", (part, part)),)),)),)
    return (Mapping(((AnyKey(part), Thunk(None, None, (Sequence("list", (), (part,)),))),), False),)


def rewritten(text: Value) -> Value:
    """Return what comes of texts that are rewritten one by one: as many at most."""
    if text.cls is Class.EXACTLY:
        return bounded(max(1, len(text.exact)), "a text of the code, rewritten")
    return transformed(text, "rewritten")


def columns(ev: Evaluator, name: str, record: str, term: Call, frame: Frame) -> Alts:
    """Return what a query of named columns yields: tuples, dictionaries or, with `flat=True`, the values of one column."""
    chosen: list[tuple[str, Thunk]] = []
    for argument in term.args:
        value = ev.value(argument, frame)
        if isinstance(argument, Star) or value.cls is not Class.EXACTLY or len(value.exact) != 1:
            return (Sequence("list", (), (Thunk(None, None, (unknown("columns whose names are not known"),)),)),)
        column = str(value.exact[0])
        read = Attr(Const(None, argument.at), column, argument.at)
        chosen.append((column, Thunk(None, None, attributes.external(ev, Ext(record), f".{column}", read, frame))))
    if not chosen:
        row: Alts = (Ext(record, extend(None, frame.place(term.at), "")),)
    elif name == "records":
        row = (Mapping(tuple(chosen), False),)
    elif any(keyword == "flat" and isinstance(v, Const) and v.value is True for keyword, v in term.kwargs):
        return (Sequence("list", (), (chosen[0][1],)),)
    else:
        row = (Sequence("tuple", tuple(thunk for _, thunk in chosen)),)
    return (Sequence("list", (), (Thunk(None, None, row),)),)


def _int_range(ev: Evaluator, term: Call, frame: Frame) -> Value:
    ends = [ev.value(a, frame) for a in term.args[:2] if not isinstance(a, Star)]
    numbers = [e.exact[0] for e in ends if e.cls is Class.EXACTLY and len(e.exact) == 1 and type(e.exact[0]) is int]
    if len(numbers) == 2 and isinstance(numbers[0], int) and isinstance(numbers[1], int):
        return bounded(max(1, numbers[1] - numbers[0] + 1), f"a number from {numbers[0]} to {numbers[1]}")
    if len(numbers) == 1 and len(ends) == 1 and isinstance(numbers[0], int):
        return bounded(max(1, numbers[0]), f"a number below {numbers[0]}")
    return unknown("a random number from a range that is not known")


FIELDS = {
    "H": 24,
    "I": 12,
    "M": 60,
    "S": 62,
    "p": 2,
    "d": 31,
    "m": 12,
    "b": 12,
    "B": 12,
    "a": 7,
    "A": 7,
    "w": 7,
    "u": 7,
    "j": 366,
    "U": 54,
    "W": 54,
    "V": 53,
}


def strftime(ev: Evaluator, term: Call, frame: Frame) -> Value:
    """Return how many texts a date format can give; a year makes it grow for ever."""
    from cardlint.link.values import unbounded

    formats = [ev.value(a, frame) for a in (*term.args, *(v for _, v in term.kwargs)) if not isinstance(a, Star)]
    known = [f for f in formats if f.cls is Class.EXACTLY and any(isinstance(v, str) and "%" in v for v in f.exact)]
    grows = unbounded("time", "a formatted point in time", advice="nothing: Prometheus stores the time of every sample itself")
    grows = grows.step(frame.place(term.at), "a point in time is formatted here")
    if not known:
        return grows
    sizes = []
    for text in known[0].exact:
        size = 1
        letters = str(text).replace("%%", "").split("%")[1:]
        for letter in letters:
            if letter[:1] not in FIELDS:
                return grows
            size = capped(size * FIELDS[letter[:1]])
        sizes.append(size)
    return bounded(sum(sizes), "a part of the date that repeats")


def _bins(ev: Evaluator, term: Call, frame: Frame) -> Value:
    first = calls.argument(term, 0)
    items = containers.as_items(ev, ev.eval(first, frame)) if first is not None else None
    return bounded(len(items) + 1 if items is not None else 20, "index of a bin")
