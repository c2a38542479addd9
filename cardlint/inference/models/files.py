"""Files: the text of a file depends on its path.

A file under a path that the deployment decides - a constant, `__file__`, a setting - has one text per deployment. The text
of a file under an unknown path is unknown. Where a client chooses the path, the text is as unbounded as the path.
"""

from __future__ import annotations

from cardlint.inference.codebase import terms
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import LibraryPath, Objects
from cardlint.inference.domain.trace import append_step
from cardlint.inference.domain.value_sets import Bound
from cardlint.inference.limits import MAX_PATH_PARTS
from cardlint.ir.terms import AnyTerm, Attr, Call, Choice, Const, Item, Iterate, Op, Param, Refine, Star, Text, Use
from cardlint.knowledge.conventions import DEVICES, PATH_BEGINS_WITH, PATH_KEEPS

FIXED = "(fixed)"
DEVICE = "(device)"
"""The path of a file below a folder in which the system lists devices: its text describes one of them."""
UNDECIDED = "(?)"
"""The row path of the call that opens a file, and a path without a row: `builtins.open(fixed).read()`."""
OPENED = "builtins.open"


def opened(ev: Evaluator, how: str, path: str, term: Call, frame: Frame) -> Objects:
    """Evaluate a call that opens, reads or finds files: the path argument decides the values.

    `how` is the kind of the result: an open file, the text of one (`read`), the names of some (`names`), or what a folder holds (`listed`).
    """
    func = term.func
    is_method = isinstance(func, Attr) and path.startswith("pathlib.Path.")
    given = (
        func.base
        if is_method and isinstance(func, Attr)
        else next((found for name in ("file", "pathname", "files") if (found := terms.argument(term, 0, name)) is not None), None)
    )
    spelled = DEVICE if given is not None and _is_of_device(ev, given, frame) else _spelled(ev, given, frame)
    if how == "listed":
        return (LibraryPath(f"{path}{DEVICE if spelled == DEVICE else '()'}", append_step(None, frame.place(term.at), "")),)
    if spelled == UNDECIDED and how != "names" and (frame.ir.kind in ("module", "class") or frame.ir.name in ("__init__", "__post_init__")):
        spelled = FIXED  # a file that is read once, at the start, is one of the settings
    base = "glob.glob" if how == "names" else OPENED
    return (LibraryPath(f"{base}{spelled}" + (".read()" if how == "read" else ""), append_step(None, frame.place(term.at), "")),)


def _is_of_device(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int = 0) -> bool:
    """Tell whether a path begins with a folder of devices: in a name, a join, a loop over what is there, or with a part replaced."""
    if depth > MAX_PATH_PARTS:
        return False
    if isinstance(term, Use):
        return _is_of_device(ev, frame.ir.defs[term.index].term, frame, depth + 1)
    if isinstance(term, (Refine, Iterate)) or (isinstance(term, Attr) and term.name == "path"):
        return _is_of_device(ev, term.base, frame, depth + 1)
    if isinstance(term, (Text, Op)):
        parts = term.parts if isinstance(term, Text) else term.args if term.op in ("+", "/") else ()
        return bool(parts) and _is_of_device(ev, parts[0], frame, depth + 1)
    if isinstance(term, Call):
        first = term.args[0] if term.args else None
        moved = isinstance(first, Const) and str(first.value).startswith("/")  # `path.replace("/sys", "/srv")`, `path.joinpath("/srv")`
        if isinstance(term.func, Attr) and term.func.name in PATH_KEEPS and not moved:
            return _is_of_device(ev, term.func.base, frame, depth + 1)
        return first is not None and getattr(term.func, "name", "") in PATH_BEGINS_WITH and _is_of_device(ev, first, frame, depth + 1)
    if isinstance(term, Param):
        thunk = frame.bindings.get(term.name) if frame.bindings is not None else None
        if thunk is not None and thunk.term is not None and thunk.frame is not None:
            return _is_of_device(ev, thunk.term, thunk.frame, depth + 1)
    value = ev.value(term, frame)
    return value.bound is Bound.EXACTLY and bool(value.exact) and all(f"{v}/".startswith(DEVICES) for v in value.exact)


def rows(ev: Evaluator, path: str, term: Call, frame: Frame) -> Objects:
    """Evaluate a reader of rows, such as `csv.reader(file)`: its elements are lines of the file."""
    first = terms.argument(term, 0)
    alts = ev.eval(first, frame) if first is not None else ()
    if alts and all(isinstance(o, LibraryPath) and o.path.startswith((OPENED + FIXED, OPENED + UNDECIDED)) for o in alts):
        return alts
    return (LibraryPath(path if path.rpartition(".")[2][:1].isupper() else f"{path}()", append_step(None, frame.place(term.at), "")),)


def is_undecided(alts: Objects) -> bool:
    """Tell whether a value is read from a file with an unknown path."""
    return bool(alts) and all(isinstance(o, LibraryPath) and o.path.startswith(OPENED + UNDECIDED) for o in alts)


def is_picked(alts: Objects) -> bool:
    """Tell whether a client chooses the path of a file."""
    return any(isinstance(o, LibraryPath) and o.path.startswith(OPENED + "()") for o in alts)


def _spelled(ev: Evaluator, given: AnyTerm | None, frame: Frame) -> str:
    cls = _place(ev, given, frame, 0) if given is not None else Bound.UNBOUNDED
    return "()" if cls is Bound.UNBOUNDED else FIXED if cls <= Bound.PER_DEPLOYMENT else UNDECIDED


def _place(ev: Evaluator, term: AnyTerm, frame: Frame, depth: int) -> Bound:
    """Return the class of the path that a term gives. A path object is no text: it is split into its parts."""
    value = ev.value(term, frame)
    if value.bound is not Bound.UNKNOWN or depth > MAX_PATH_PARTS:
        return value.bound
    if isinstance(term, Use):
        return _place(ev, frame.ir.defs[term.index].term, frame, depth + 1)
    if isinstance(term, Param):
        thunk = frame.bindings.get(term.name) if frame.bindings is not None else None
        if thunk is None or thunk.term is None or thunk.frame is None:
            return Bound.UNKNOWN
        return _place(ev, thunk.term, thunk.frame, depth + 1)
    parts = _parts(ev, term, frame)
    return max((_place(ev, part, frame, depth + 1) for part in parts), default=Bound.UNKNOWN)


def _parts(ev: Evaluator, term: AnyTerm, frame: Frame) -> tuple[AnyTerm, ...]:
    if isinstance(term, Op) and term.op == "/":
        return term.args
    if isinstance(term, Refine):
        return (term.base,)
    if isinstance(term, Choice):
        return term.options
    if isinstance(term, (Attr, Item)):
        return (term.base,) if _is_path(ev, term.base, frame) else ()
    if isinstance(term, Call):
        given = tuple(a for a in term.args if not isinstance(a, Star))
        if len(given) != len(term.args):
            return ()
        if any(isinstance(o, LibraryPath) and o.path in PATH_CLASSES for o in ev.eval(term.func, frame)):
            return given
        if isinstance(term.func, Attr) and _is_path(ev, term.func.base, frame):
            return (term.func.base, *given)
    return ()


PATH_CLASSES = frozenset(f"pathlib.{name}" for name in ("Path", "PurePath", "PosixPath", "PurePosixPath"))


def _is_path(ev: Evaluator, term: AnyTerm, frame: Frame) -> bool:
    return any(isinstance(o, LibraryPath) and o.path.startswith("pathlib.") for o in ev.eval(term, frame))
