"""Calls of libraries: by a function that is modelled in code, by a row and the transfer that it names, or as a constructor."""

from __future__ import annotations

from msgspec.structs import replace

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator, TransferArgs
from cardlint.inference.domain.constant_limits import LONG_PATH
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.objects import LibraryPath, Objects
from cardlint.inference.domain.text_methods import ABOUT_TEXTS, TEXT_METHODS, TEXT_PRESERVING_METHODS
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import (
    Bound,
    exactly,
    unknown,
)
from cardlint.inference.language import attributes, calls, to_text
from cardlint.inference.language import columns as row_columns
from cardlint.inference.language.slices import SPLITTING
from cardlint.inference.limits import MAX_PATH
from cardlint.inference.models import files, methods, re
from cardlint.ir.terms import AnyTerm, Call, FreeVar
from cardlint.knowledge.conventions import ERROR_ENDINGS
from cardlint.knowledge.schema import Row
from cardlint.knowledge.structuring import ARGUMENTS, NAMED_BY_ARGUMENTS
from cardlint.knowledge.tables import READS_ROWS


def external_call(ev: Evaluator, obj: LibraryPath, term: Call, frame: Frame) -> Objects:
    """Call an object of a library: a function that is modelled in code, one with a row, or the constructor of a class."""
    library = ev.library
    path = obj.path
    if len(path) > MAX_PATH:
        return (unknown(LONG_PATH, guess=obj.guess),)
    function = ev.function(path)
    if function is not None:
        return function(ev, term, frame)
    if path.startswith("builtins.str.") and path[13:] in TEXT_METHODS:
        return methods.unbound(ev, path[13:], term, frame)
    if path.startswith("re."):
        matched = re.compiled(ev, path, term, frame)
        if matched is not None:
            return matched
    if path.endswith(".get") and _key(term) is not None and library.has_items(library.onward(path.removesuffix(".get"))):
        return _external_get(ev, LibraryPath(path.removesuffix(".get"), obj.trace, once=obj.once), term, frame)
    holder, _, last = path.rpartition(".")
    if last in READS_ROWS and (rows := ev.transfer("rows", TransferArgs(term, frame, obj))):
        return rows
    if last in NAMED_BY_ARGUMENTS and path.startswith(ARGUMENTS):
        return (LibraryPath(NAMED_BY_ARGUMENTS[last], append_step(None, frame.place(term.at), "")),)
    called = library.canonical(library.onward(path) + "()")
    row = library.row(called)
    if library.own(called) is None:  # a row of a prefix of the path does not say how this call computes
        if last in ABOUT_TEXTS and library.row(holder) is not None:
            return (ABOUT_TEXTS[last],)  # the result says something about a text, and holds no part of it
        if terms.is_lookup(term) and ("(" in path or "[" in path):
            return _external_get(ev, LibraryPath(path.removesuffix(".get").removesuffix(".pop"), obj.trace, once=obj.once), term, frame)
        row = replace(row, how="") if row is not None else None
        whole = library.row(holder) if last in SPLITTING else None
        if whole is not None and whole.cls:
            text = to_text.of_row(ev, LibraryPath(holder, obj.trace), frame.place(term.at))
            return methods.of_value(ev, text, last, term, frame)
    if row is not None:
        return _by_row(ev, row, obj, called, term, frame)
    return _without_row(ev, obj, called, term, frame)


def _by_row(ev: Evaluator, row: Row, obj: LibraryPath, called: str, term: Call, frame: Frame) -> Objects:
    """Call a function that a row describes: by the transfer that it names, or as what it returns."""
    if row.how in ("file", "file:read", "file:names", "file:listed"):
        return files.opened(ev, row.how.partition(":")[2], obj.path, term, frame)
    if row.how == "file-rows":
        return files.rows(ev, obj.path, term, frame)
    if row.how:
        return ev.transfer(row.how, TransferArgs(term, frame, obj, "", row.why, row.size, row.returns)) or (
            unknown(f"`{obj.path}` without its argument"),
        )
    return row_columns.called(ev, obj, called, term, frame)


def _without_row(ev: Evaluator, obj: LibraryPath, called: str, term: Call, frame: Frame) -> Objects:
    """Call a function that no row describes: the constructor of a class, a method that keeps a text, or anything."""
    path = obj.path
    holder, _, last = path.rpartition(".")
    if last[:1].isupper() and "(" not in last:
        if last.endswith(ERROR_ENDINGS) and path.startswith("builtins."):
            return (LibraryPath("builtins.BaseException", append_step(None, frame.place(term.at), "")),)
        return (LibraryPath(path, append_step(None, frame.place(term.at), "")),)
    if last in TEXT_PRESERVING_METHODS and (obj.guess is not None or _is_value(path) or ev.library.row(holder) is not None):
        return (LibraryPath(holder, obj.trace, obj.guess, once=obj.once),)
    suspect = calls.unbounded_argument(ev, term, frame)
    if suspect is not None:
        return (unknown(f"it is not known what `{path}()` returns", suspect),)
    return (LibraryPath(called, append_step(None, frame.place(term.at), "")),)


def _is_value(path: str) -> bool:
    """Tell whether a path continues after the names of a library: with a call, an item, or an attribute of an instance."""
    return "(" in path or "[" in path or any(part[:1].isupper() for part in path.split(".")[1:-2])


def _key(term: Call) -> AnyTerm | None:
    """Return the key of a call `get(key, default)`, None where no key is given."""
    return term.args[0] if term.args else terms.argument(term, 0, "key")


def _external_get(ev: Evaluator, base: LibraryPath, term: Call, frame: Frame) -> Objects:
    """Call `get(key, default)` on a mapping of a library: the result is the item or the default."""

    if any(name == "type" and isinstance(v, FreeVar) and v.name == "bool" for name, v in term.kwargs):
        return (exactly((False, True)),)
    written = _key(term)
    assert written is not None
    key = ev.value(written, frame)
    constant = key.bound is Bound.EXACTLY and len(key.exact) == 1 and isinstance(key.exact[0], (str, int))
    found = attributes.external(ev, base, f"[{key.exact[0]}]" if constant else "[]", term, frame)
    default = terms.argument(term, 1, "default")
    return join_objects([found, ev.eval(default, frame) if default is not None else (exactly((None,)),)])
