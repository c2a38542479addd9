"""What the name of a value says about it: `user.id`, `payload["session_id"]`, a parameter `email`.

Only names that certainly mean an identity count, and only where there is no better evidence.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec.structs import replace

from cardlint.findings import Confidence
from cardlint.inference.codebase import terms
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import LibraryPath, Object, Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, named_guess, unbounded
from cardlint.inference.heuristics.guesses import held, of_source
from cardlint.inference.heuristics.label_names import judge, normalise
from cardlint.ir.terms import AnyTerm, At, Attr, Call, Item
from cardlint.knowledge import conventions
from cardlint.knowledge.schema import Kind
from cardlint.knowledge.vocabulary import (
    ENDS_AN_ID,
    ENUM_SUFFIXES,
    FINE,
    IDENTITY_GROUPS,
    MEANING_CODE,
    OF_A_HOLDER,
    OF_A_PARAMETER,
    OF_A_THING,
    OF_THE_PROCESS,
    ONE_WORD,
    OWN_ACCOUNTS,
    SAME_AS_ID,
    VALUES,
)

PARTS = frozenset(OF_A_HOLDER.split())
JUDGED_KINDS = frozenset({"identity", *(kind for kind, _, _ in VALUES)})
"""The kinds of values that are judged by their names."""


def identity_by_name(term: AnyTerm, frame: Frame) -> ValueSet | None:
    """Return an identity when the name of a value is certain to mean one: `user.id` reads as `user_id`."""
    name = terms.last_name(term, frame)
    if not name or name.startswith("__") or (name.isupper() and len(name) > 2 and isinstance(term, Attr)):
        return None  # `AuthType.PASSWORD` is a constant
    spoken = name
    if isinstance(term, Call):
        if not isinstance(term.func, Attr) or not name.startswith("get_"):
            return None
        spoken = name.removeprefix("get_")
    elif isinstance(term, Attr) and isinstance(term.base, Attr) and _is_own_account(term.base, frame):
        return None
    elif isinstance(term, (Attr, Item)) and name.lower() in PARTS:
        holder = terms.last_name(term.base, frame)
        part = "id" if name.lower() in SAME_AS_ID else name
        spoken = f"{held(holder)}_{part}" if holder and holder not in ("self", "cls", "obj", "o", "x") else name
    elif isinstance(term, (Attr, Item)) and name in OF_A_THING and held(terms.last_name(term.base, frame)) in OF_A_THING[name]:
        return None
    return judged(spoken, frame, term.at, render_expr(term, frame))


def _is_own_account(term: Attr, frame: Frame) -> bool:
    """Tell whether an object is the account of the program itself: `bot.user`, of which a process has one."""
    return f"{terms.last_name(term.base, frame)}.{term.name}" in OWN_ACCOUNTS


def is_judged(value: ValueSet) -> bool:
    """Tell whether a name alone says that a value is a text of an open set."""
    return value.confidence is Confidence.MEDIUM and value.kind in JUDGED_KINDS


def is_undecided(alts: Objects) -> bool:
    """Tell whether nothing is known of a value, and no name has been a hint so far."""
    return bool(alts) and all(isinstance(o, ValueSet) and o.bound is Bound.UNKNOWN and named_guess(o) is None for o in alts)


def by_its_name(alts: Objects, term: AnyTerm, frame: Frame) -> Objects:
    """Return an open set for an undecided value whose name certainly means one, else the value with the hint of its name."""
    said = identity_by_name(term, frame)
    if said is not None:
        return (said,)
    guess = source_guess(term, frame)
    return alts if guess is None else tuple(replace(o, guess=guess) if isinstance(o, ValueSet) else o for o in alts)


def source_guess(term: AnyTerm, frame: Frame) -> ValueSet | None:
    """Return the guess by the name of an undecided source: its own name, with the holder's for `service.name`."""
    base = term.base if isinstance(term, (Attr, Item)) else None
    holder = terms.last_name(base, frame) if base is not None else ""
    if holder.lower() in CONFIGURATION or holder.lower().rpartition("_")[2] in CONFIGURATION:
        return SETTING
    name = terms.last_name(term, frame)
    return of_source(name, "" if holder in ("self", "cls") else holder) if name else None


def named(ev: Evaluator, alts: Objects, name: str, frame: Frame, at: At) -> Objects:
    """Use the name that an undecided value is first bound to as a hint, where its source has no name of its own."""
    if not any(_nameless(ev, obj) for obj in alts):
        return alts
    spoken = name.rpartition(".")[2].strip("_")
    open_set = judged(spoken, frame, at) if "_" in spoken or spoken in ONE_WORD else None
    if open_set is not None and not any(_is_counted(o) for o in alts):
        return tuple(open_set if _nameless(ev, o) else o for o in alts)
    said = of_source(spoken) if "_" in spoken else None  # one word says too little of a variable: `result`, `instance`
    if said is None:
        return alts
    return tuple(_with_name(o, said) if _nameless(ev, o) else o for o in alts)


def _is_counted(obj: Object) -> bool:
    """Tell whether a value is a number that is counted up, or one that a process has: no name makes it an identity."""
    if isinstance(obj, LibraryPath):
        return obj.path.partition(".")[0] in OF_THE_PROCESS
    return isinstance(obj, ValueSet) and obj.kind == "position"


def _nameless(ev: Evaluator, obj: Object) -> bool:
    """Tell whether nothing is known of a value, not even a name of its source: the result of a library call."""
    if type(obj) is ValueSet:
        return obj.bound is Bound.UNKNOWN and named_guess(obj) is None
    return type(obj) is LibraryPath and obj.guess is None and obj.path.endswith(NAMELESS) and ev.library.row(obj.path) is None


NAMELESS = ("()", "[*]", *(f"[{position}]" for position in range(-4, 12)))
"""How the path of a value ends that has no name: a result, an element, a part of a tuple."""


def _with_name(obj: Object, said: ValueSet) -> Object:
    return (
        LibraryPath(obj.path, obj.trace, said)
        if isinstance(obj, LibraryPath)
        else replace(obj, guess=said)
        if isinstance(obj, ValueSet)
        else obj
    )


CONFIGURATION = conventions.names(conventions.CONFIGURATION)
"""Names of objects that hold what the deployment sets."""
SETTING = ValueSet(
    Bound.PER_DEPLOYMENT,
    "a setting of the deployment, going by the name of the object that holds it",
    1,
    kind="config",
    confidence=Confidence.LOW,
    named=True,
)


def judged(name: str, frame: Frame, at: At, written: str = "") -> ValueSet | None:
    """Judge a name: an open set of values with its origin here, when the vocabulary is certain of it.

    `written` is the expression that the name was made of: a reader looks for `user.id`, and finds no `user_id`.
    """
    kind, what = _said(name)
    if not kind or (name in MEANING_CODE and MEANING_CODE[name] in frame.file.ir.text):
        return None
    shown = written if written and "..." not in written and "`" not in written else name
    value = unbounded(kind, f"`{shown}`, which looks like {what}", confidence=Confidence.MEDIUM)
    return value.step(frame.place(at), f"`{shown}` is read here; it looks like {what}")


@lru_cache(maxsize=4096)
def _said(name: str) -> tuple[Kind, str]:
    """Return the kind of values that a name certainly means, and how to call it; empty texts for other names."""
    text = normalise(name)
    if text in OPEN_NAMES:
        return OPEN_NAMES[text]
    verdict = judge(name)
    if verdict is None or verdict.confidence != "certain" or verdict.group not in IDENTITY_GROUPS:
        return "", ""
    return ("credentials", "a secret") if verdict.group == "credentials" else ("identity", "an identity")


@lru_cache(maxsize=4096)
def identifies(name: str, numbered: bool = False) -> bool:
    """Tell whether a parameter of a URL, or a claim of a token, is an identity, by its name or because it is a number or a UUID.

    Any other one, as a version or a language, is a text that the client writes. An advice to remove it would be wrong.
    """
    text = normalise(name)
    words = text.split("_")
    if words[-1] in ENDS_AN_ID or text in PARTS - {"name"} or OPEN_NAMES.get(text, ("", ""))[0] == "identity":
        return True
    said = judge(text)
    if said is not None:
        return said.group in IDENTITY_GROUPS
    whose = judge(f"{text}_id")
    if whose is not None and whose.group in OF_A_PARAMETER:
        return True
    return numbered and words[-1] not in ENUM_SUFFIXES and text not in FINE


OPEN_NAMES: dict[str, tuple[Kind, str]] = {name: (kind, what) for kind, what, names in VALUES for name in names.split()}
