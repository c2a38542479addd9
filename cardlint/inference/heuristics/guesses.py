"""Guesses where the flow ends outside the analysed code: by the name of the value or of its label.

What the name of a *source* says (`event["hostname"]`, `response.status_code`) is a value marked `named`, which no rule
acts on. A guess by the name of a *label* never replaces the value: only the inventory shows it.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from cardlint.findings import Confidence
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.heuristics.label_names import judge, normalise
from cardlint.knowledge.guesses import (
    ANSWERED,
    ASKED,
    ASKED_FOR,
    BEFORE_NAME,
    CLASS,
    CODE,
    CODED,
    CONFIGURED,
    DEPLOYED,
    ENUM,
    HEADER,
    HEADERS,
    HOLDING,
    KNOWN_BY_CODE,
    LAST,
    MESSAGES,
    METHOD,
    OTHER_CODES,
    REQUESTS,
    SENT,
    TENANT,
    WHICH_OF_SEVERAL,
    WHOLE,
    Guess,
)

CLASSES = {"bounded": Bound.BOUNDED, "per-deployment": Bound.PER_DEPLOYMENT, "client-chosen": Bound.CLIENT_CHOSEN}
WORDS: dict[str, Guess] = {name: guess for guess, names in WHOLE for name in names.split()}
TAILS: dict[str, Guess] = {name: guess for guess, names in LAST for name in names.split()}
NAMED: dict[str, Guess] = {name: guess for guess, names in BEFORE_NAME for name in names.split()}
HOLDERS = frozenset(HOLDING.split())
CODES = frozenset(CODED.split())
WITH_CODE, BEFORE_CODE = frozenset(KNOWN_BY_CODE.split()), frozenset(OTHER_CODES.split())
WITH_STATUS = frozenset(ANSWERED.split())
PLAIN = "code"
"""The word that means a status alone, and something else next to other words."""
IN_HEADERS = frozenset(HEADERS.split())
RECEIVED = frozenset(MESSAGES.split())
HTTP = frozenset(REQUESTS.split())
CHOSEN = frozenset(ASKED_FOR.split())
DROPPED = frozenset(WHICH_OF_SEVERAL.split())

FIXED_SET = ValueSet(Bound.BOUNDED, "one of a fixed collection, going by its name", 20, confidence=Confidence.LOW, named=True)
"""A member of a collection that is not found and has the name of a constant."""


def held(holder: str) -> str:
    """Return the kind of thing that a holder's name says: a `user` for `user_info` and `userRecord`."""
    words = normalise(holder).split("_")
    while len(words) > 1 and words[-1] in HOLDERS:
        words.pop()
    return "_".join(words)


@lru_cache(maxsize=4096)
def of_source(name: str, holder: str = "") -> ValueSet | None:
    """Class a value by the name of the attribute, key or parameter it comes from; `service.name` reads as `service_name`.

    Open sets are not guessed here: `source_names` does that, with its own vocabulary.
    """
    text = normalise(name)
    if holder and text in ("name", "id", "type", "version", "status", "state", "kind"):
        text = f"{held(holder)}_{text}"
    said = judge(text)
    if (said is not None and said.confidence != "contextual") or (text == PLAIN and has_other_codes(f"{held(holder)}_{text}")):
        return None
    found = _find(text)
    if found is None:
        return None
    found = _received(found, normalise(holder).rpartition("_")[2])
    return ValueSet(
        CLASSES[found.cls], f"{found.why}, going by the name `{name}` of its source", found.size, confidence=Confidence.LOW, named=True
    )


def of_cut_off(name: str) -> ValueSet | None:
    """Guess the class of a value that was followed, and given up: only a thing that is fixed for the deployment is the same for every caller."""
    said = of_source(name)
    return said if said is not None and said.bound is Bound.PER_DEPLOYMENT and said.size == 1 else None


@lru_cache(maxsize=4096)
def has_other_codes(name: str) -> bool:
    """Tell whether the name of a metric, or of a holder and its code, says that it is no status: `invite_codes`, `voucher_code`."""
    words = normalise(name).split("_")
    if not WITH_STATUS.isdisjoint(words):
        return False
    singular = [word.removesuffix("s") for word in words]
    before = {word for word, following in pairwise(singular) if following == PLAIN}
    return not WITH_CODE.isdisjoint(singular) or not BEFORE_CODE.isdisjoint(before)


def is_of_plain_code(value: ValueSet) -> bool:
    """Tell whether all that a guess rests on is the plain word `code`."""
    said = of_source(PLAIN)
    return said is not None and value.named and value.why == said.why


def _received(found: Guess, holder: str) -> Guess:
    """Return the guess of a name whose holder is a client's data: it says only that the client chooses the value."""
    if holder in IN_HEADERS:
        return HEADER
    if found is METHOD and holder and holder not in HTTP:
        return ASKED
    return SENT if holder in RECEIVED and found in (ENUM, CODE, CLASS, DEPLOYED, CONFIGURED, TENANT) else found


@lru_cache(maxsize=4096)
def guess(label: str) -> ValueSet | None:
    """Class a label by its name; None when the name says nothing.

    Names of identities, free text and places are open sets; a name that is open only together with an open value
    (`contextual`) says nothing here.
    """
    text = normalise(label)
    said = judge(text)
    if said is not None and said.confidence != "contextual":
        return ValueSet(Bound.UNBOUNDED, f"undecided; going by its name, `{label}` takes any number of values", kind=said.group)
    found = _find(text)
    if found is None and "_" in text:
        first, _, rest = text.partition("_")
        if first in DROPPED:
            found = _find(rest)
    if found is None:
        return None
    return ValueSet(CLASSES[found.cls], f"undecided; going by its name, `{label}` is {found.why}", found.size)


def _find(text: str) -> Guess | None:
    if text in WORDS:
        return WORDS[text]
    words = text.split("_")
    if len(words) > 1:
        if words[-1] in ("name", "alias") and words[-2] in NAMED:
            return NAMED[words[-2]]
        if words[0] in ("is", "has", "was"):
            return WORDS["success"]
        if (words[-1] == "code" and words[-2] not in CODES) or words[0] in CHOSEN:
            return None
        return TAILS.get(words[-1])
    return None
