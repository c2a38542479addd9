"""Judging a label name: is it the name of an identity, of free text, of a place, or only a look-alike?"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from cardlint.common.expressions import Expression
from cardlint.knowledge.schema import Certainty, Group, Kind
from cardlint.knowledge.vocabulary import (
    DEBATABLE,
    DECIDING_AT_THE_END,
    ENUM_SUFFIXES,
    EXPORTED,
    FINE,
    GROUPS,
    OWN,
    OWN_ACCOUNTS,
    PARTS_OF_DEPLOYMENT,
    PREFIXES,
    SPELLINGS,
    TEXT_GROUPS,
    WHOLE_WORDS,
    YES_OR_NO_BEFORE,
    YES_OR_NO_BEHIND,
)

CAMEL = Expression(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
NAMES: dict[str, tuple[Group, Certainty]] = {}
for _group, _confidence, _names in GROUPS:
    for _name in _names.split():
        NAMES.setdefault(_name, (_group, _confidence))
RUN_TOGETHER = {n.replace("_", ""): n for n in NAMES if n.count("_") == 1 and n.endswith("_id") and n.replace("_", "") not in WHOLE_WORDS}
MULTI = tuple(sorted((n for n in NAMES if "_" in n), key=len, reverse=True))

SHOWN = "_display_name"
"""The end of a name whose beginning says what is shown."""


class Verdict(Struct, frozen=True):
    """What a name says."""

    group: Group
    confidence: Certainty
    matched: str


def normalise(name: str) -> str:
    """Write a name in lower-case words with underscores: `userId`, `userid`, `user-id` and `http.user.id` read alike."""
    if name.isascii() and name.islower() and name.isidentifier() and "__" not in name:
        return _divided(name.strip("_"))
    return _divided(re.sub(r"_+", "_", re.sub(r"[.\-\s/]+", "_", CAMEL.regex.sub("_", name))).strip("_").lower())


def _divided(name: str) -> str:
    """Divide a last word that is a known id without its underscore: `jobid`, but not `grid` or `android`."""
    if not name.endswith("id"):
        return name
    before, line, last = name.rpartition("_")
    return f"{before}{line}{RUN_TOGETHER.get(last, last)}"


@lru_cache(maxsize=4096)
def judge(name: str) -> Verdict | None:
    """Judge a label or value name; None when it says nothing or is a known look-alike.

    An exact entry decides first, then the look-alikes, then the name without a leading `http_` or `request_`, then its
    last words: `customer_email` ends in `email`.
    """
    text = normalise(name)
    if text in NAMES:
        return Verdict(*NAMES[text], text)
    if text in FINE or text in DEBATABLE:
        return None
    tokens = text.split("_")
    if tokens[-1] in ENUM_SUFFIXES or (tokens[0] in OWN and len(tokens) > 1):
        return None
    if len(tokens) > 1 and (tokens[0] in YES_OR_NO_BEFORE or tokens[-1] in YES_OR_NO_BEHIND):
        return None  # `enabled_for_login` is true or false
    if len(tokens) > 1 and tokens[0] in PARTS_OF_DEPLOYMENT and tokens[-1] in ("uuid", "guid"):
        return None  # one of the machines that a deployment has
    if (
        tokens[-1] == "name"
        and len(tokens) > 1
        and tokens[-2] in ("handler", "view", "task", "route", "model", "service", "queue", "class", "function")
    ):
        return None
    if len(tokens) > 1 and tokens[0] in PREFIXES:
        rest = "_".join(tokens[1:])
        if rest in NAMES:
            return Verdict(*NAMES[rest], rest)
    if text.endswith(SHOWN):  # `queue_display_name` is the name of a queue, and `sender_display_name` of a person
        holder = text.removesuffix(SHOWN)
        said = (judge(holder), judge(f"{holder}_id"), judge(f"{holder}_name"))
        return Verdict("person", "likely", "display_name") if any(v is not None and v.group == "person" for v in said) else None
    for tail in MULTI:
        if text.endswith("_" + tail):
            return Verdict(*NAMES[tail], tail)
    last = tokens[-1]
    if len(tokens) > 1 and last in SPELLINGS:
        return judge("_".join(tokens[:-1]))
    if len(tokens) > 1 and last in TAILS:
        return Verdict(*NAMES[last], last)
    if last == "uuid" or (last == "guid" and len(tokens) > 1):
        return Verdict("object-id", "certain", last)
    return None


def says_otherwise(source: str, said: Verdict, kind: Kind = "") -> bool:
    """Tell whether the value's expression or kind contradicts the name of the label.

    `query=query.name` is the name of a query and no query; `user=event.type` is one of a declared set; `username=me.username`
    is the program's own. A name of an identity stays one under a `name`.
    """
    if kind == "position" and (said.group not in ("person", "session") or said.matched in EXPORTED):
        return True  # devices are counted up; people that are, are people
    path = SOURCE.regex.search(source)
    if path is None:
        return False
    holder, name = normalise(path[1] or ""), normalise(path[2] or path[3])
    if holder in OWN or ".".join(source.split(".")[-3:-1]) in OWN_ACCOUNTS:
        return True
    last = name.rpartition("_")[2]
    if last in ENUM_SUFFIXES:
        return said.confidence != "certain"
    own = judge(name)
    return last == "name" and said.group in TEXT_GROUPS and (own is None or own.confidence == "contextual")


SOURCE = Expression(r"""(?:(?<!\w)(\w++)(?:\(\))?)?(?:\.(\w++)|\[["'](\w+)["']\])$""")
"""The last access of an expression: the name of what is accessed, if it has one, and that of the attribute or key."""
TAILS = frozenset(DECIDING_AT_THE_END.split())
