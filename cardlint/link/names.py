"""What the name of a value says about it: `user.id`, `payload["session_id"]`, a parameter `email`.

Only names that certainly mean an identity count, and only where nothing better is known of the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from cardlint.facts.terms import AnyTerm, At, Attr, Call, Const, Import, Item, Outer, Param, Ref
from cardlint.findings import Confidence
from cardlint.link.frames import Frame
from cardlint.link.guess import held, of_source
from cardlint.link.objects import Alts, Ext, Obj
from cardlint.link.values import Cls, Value, unbounded
from cardlint.link.vocabulary import judge

if TYPE_CHECKING:
    from cardlint.link.protocol import Evaluator

IDENTITY_GROUPS = frozenset({"person", "session", "credentials", "object-id", "run"})
PARTS = frozenset({"id", "pk", "uuid", "guid", "email", "username", "key"})


def last_name(term: AnyTerm, frame: Frame) -> str:
    """Return the last name of an expression: `user` for `self.user`, the key of an item, '' when there is none."""
    if isinstance(term, Attr):
        return term.name
    if isinstance(term, (Outer, Param)):
        return term.name
    if isinstance(term, Import):
        return term.name
    if isinstance(term, Item) and isinstance(term.key, Const) and isinstance(term.key.value, str):
        return term.key.value
    if isinstance(term, Ref):
        definition = frame.fact.defs[term.index]
        if definition.name:
            return definition.name.rpartition(".")[2]
        return last_name(definition.term, frame)
    if isinstance(term, Call):
        return last_name(term.func, frame)
    return ""


def identity_by_name(ev: Evaluator, term: AnyTerm, frame: Frame) -> Value | None:
    """Return an identity when the name of a value is certain to mean one: `user.id` reads as `user_id`."""
    name = last_name(term, frame)
    if not name or name.startswith("__"):
        return None
    spoken = name
    if isinstance(term, (Attr, Item)) and name.lower() in PARTS:
        holder = last_name(term.base, frame)
        spoken = f"{held(holder)}_{name}" if holder and holder not in ("self", "cls", "obj", "o", "x") else name
    return judged(spoken, frame, term.at)


def source_guess(term: AnyTerm, frame: Frame) -> Value | None:
    """Return what the name of an undecided source says: its own name, with the holder's for `service.name`."""
    base = term.base if isinstance(term, (Attr, Item)) else None
    holder = last_name(base, frame) if base is not None else ""
    if holder.lower() in CONFIGURATION:
        return SETTING
    name = last_name(term, frame)
    return of_source(name, "" if holder in ("self", "cls") else holder) if name else None


def named(ev: Evaluator, alts: Alts, name: str) -> Alts:
    """Let the name that something undecided is first given speak for it, where its source has no name of its own."""
    if not any(_nameless(ev, obj) for obj in alts):
        return alts
    spoken = name.rpartition(".")[2].strip("_")
    said = of_source(spoken) if "_" in spoken else None  # one word says too little of a variable: `result`, `instance`
    if said is None:
        return alts
    return tuple(_with_name(o, said) if _nameless(ev, o) else o for o in alts)


def _nameless(ev: Evaluator, obj: Obj) -> bool:
    """Tell whether nothing is known of a value, not even what its source is called: what a call of a library returns."""
    if type(obj) is Value:
        return obj.cls is Cls.UNKNOWN and obj.guess is None
    return type(obj) is Ext and obj.guess is None and obj.path.endswith(("()", "[*]")) and ev.library.row(obj.path) is None


def _with_name(obj: Obj, said: Value) -> Obj:
    return Ext(obj.path, obj.trail, said) if isinstance(obj, Ext) else replace(obj, guess=said) if isinstance(obj, Value) else obj


CONFIGURATION = frozenset(
    {"config", "conf", "cfg", "settings", "configuration", "_config", "_settings", "_conf", "app_config", "app_settings"}
)
"""Names of objects that hold what the deployment sets."""
SETTING = Value(
    Cls.PER_DEPLOYMENT, "by the name of its holder a setting of the deployment", 1, kind="config", confidence=Confidence.LOW, named=True
)


def judged(name: str, frame: Frame, at: At) -> Value | None:
    """Judge a name: an identity value, born here, when the vocabulary is certain of it."""
    verdict = judge(name)
    if verdict is None or verdict.confidence != "certain" or verdict.group not in IDENTITY_GROUPS:
        return None
    value = unbounded("identity", f"`{name}`, by its name an identity", confidence=Confidence.MEDIUM)
    return value.step(frame.place(at), f"`{name}` is read here, by its name an identity")
