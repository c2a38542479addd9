"""Parts of sentences about labels: their subject, their counts in words, and the advice, which follows the kind of the value."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from cardlint.common.expressions import Expression
from cardlint.common.numbers import spoken
from cardlint.findings import called
from cardlint.inference.domain.value_sets import Bound, ValueSet
from cardlint.inference.heuristics.label_names import judge, normalise
from cardlint.inference.program import Metric
from cardlint.knowledge.rows import LOG
from cardlint.knowledge.vocabulary import ABOUT, CUSTOMERS, REWRITERS
from cardlint.rules.sentences import values as say

PLAIN = Expression(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
"""Label names that read as words."""
EXEMPLARS = ("counter", "histogram")
"""Types of metrics that can hold exemplars."""


def named(metric: Metric | None) -> str:
    """Name a metric in a message."""
    return called(metric.name) if metric is not None else say.THIS_METRIC()


def subject(label: str | None, metric: Metric | None) -> str:
    """Return what a message about a value speaks of."""
    if label is None:
        return say.SOME_LABEL_OF(metric=named(metric))
    return say.LABEL_OF(label=f"`{label}`", metric=named(metric))


def article(noun: str) -> str:
    """Return a noun with its article: `an info`, `a gauge`."""
    return ("an " if noun[0] in "aeiou" else "a ") + noun


def words(label: str) -> str:
    """Return a label as words: `user id`."""
    return label.replace("_", " ") if PLAIN.regex.fullmatch(label) else say.VALUE_OF(label=label)


def counted(size: int, label: str) -> str:
    """Return a number of values in words: `15 statuses`, `1 method`."""
    noun = words(label)
    if label.startswith(ABOUT):
        return say.NUMBER_OF(size=spoken(size), label=f"`{label}`")  # `is_fresh` has no plural
    if size == 1:
        return f"1 {noun}"
    return f"{spoken(size)} {_plural(noun) if PLAIN.regex.fullmatch(label) else noun.replace('value', 'values', 1)}"


def _plural(noun: str) -> str:
    if noun.endswith(("ss", "us", "is", "x", "ch", "sh", "z")):
        return f"{noun}es"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return noun if noun.endswith("s") else f"{noun}s"


def every(labels: Sequence[str]) -> str:
    """List the labels that a cost depends on: `tenant id, step name and status`."""
    nouns = [words(label) for label in labels]
    return " and ".join((", ".join(nouns[:-1]), nouns[-1])) if len(nouns) > 1 else "".join(nouns)


def filled(value: ValueSet, noun: str, text: str = "") -> str:
    """Say what a label is filled with; `text` is the expression at the label, where the value begins there.

    A value that is judged by its name is named as it is written: `user.id`, not `user_id`.
    """
    if not noun.startswith("`"):
        return say.FILLED_WITH(source=noun)
    _, quote, rest = noun[1:].partition("`")
    return say.FILLED_FROM(source=f"`{text}`{rest}" if quote and text else noun)


def at_fault(text: str, label: str | None) -> str:
    """Return the part of an expression that has the name of the label: `message` of `data.get("id", message)`."""
    try:
        node = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return text
    parts: list[ast.expr] = []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and len(node.args) == 2:
        parts = [node.args[1]]
    elif isinstance(node, ast.BoolOp):
        parts = node.values
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    named = [part for part in parts if label is not None and label.lower() in ast.unparse(part).lower()]
    return ast.unparse(named[0]) if len(named) == 1 else text


def looks_like(rule: str, label: str | None) -> str:
    """Say what the name of a label looks like to the rule that reports it."""
    said = judge(label) if label is not None else None
    if rule == "identity-label":
        if said is not None and said.group == "credentials":
            return say.A_SECRET()
        return say.A_CUSTOMER() if label is not None and normalise(label) in CUSTOMERS else say.AN_IDENTITY()
    if rule == "raw-path":
        return say.A_RAW_PATH()
    return say.GROUP_OF_NAME.get(said.group if said is not None else "", say.NO_FIXED_SET)()


def code(advice: str) -> str:
    """Mark an advice that is an expression as code; any other one is a text and stays as it is."""
    if "`" in advice or not advice.isprintable():
        return advice
    try:
        ast.parse(advice, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return advice
    return f"`{advice}`"


def advice(rule: str, value: ValueSet, metric: Metric | None, label: str | None) -> str:
    """Say what to write instead."""
    given = code(LOG if not value.advice and _is_address(rule, value, label) else value.advice)
    exemplars = metric is not None and metric.type in EXEMPLARS
    shown = f" `{label}`" if label else ""
    if value.kind == "raw-path" and value.fallback:
        return say.CONSTANT_FALLBACK_AS(advice=given) if given else say.CONSTANT_FALLBACK()
    if is_secret(value, label):
        return say.REMOVE_AND(label=shown, advice=say.SECRET_NOWHERE())
    if given:
        instead = given.removeprefix("nothing: ")
        if instead == given:
            return say.WRITE(advice=given)
        return say.REMOVE_AND(label=shown, advice=say.PUT_IN_LOG() if given == LOG and not exemplars else instead)
    if rule == "raw-path":
        return say.WRITE_TEMPLATE()
    if rule == "identity-label":
        belongs = say.IDENTITY_IN_LOG_OR_EXEMPLAR if exemplars else say.IDENTITY_IN_LOG
        return say.REMOVE_AND(label=shown, advice=belongs())
    return say.WRITE_CLASS() if value.kind == "exception-text" else say.MAP_TO_FIXED_SET()


def is_secret(value: ValueSet, label: str | None) -> bool:
    """Tell whether a label holds credentials, by the kind of its value or by its name."""
    said = judge(label) if label is not None else None
    return value.kind == "credentials" or (said is not None and said.group == "credentials" and said.confidence == "certain")


def _is_address(rule: str, value: ValueSet, label: str | None) -> bool:
    """Tell whether a label holds addresses as far as names tell. No list of allowed ones helps: as with a traced one, the label goes."""
    said = judge(label) if label is not None else None
    by_label = value.bound is Bound.UNKNOWN and said is not None and said.group == "network"
    return rule == "unbounded-value" and (value.kind == "address" or by_label)


def rewriter(value: ValueSet) -> str:
    """Return the name of the function of the program that should have rewritten a path, '' where there is none.

    Without its name, the finding reads as if the function had been overlooked.
    """
    for step in reversed(value.steps()):
        name = step.message.removeprefix(RETURNED).removesuffix("()`")
        if step.message.startswith(RETURNED) and any(word in name.lower() for word in REWRITERS):
            return name
    return ""


RETURNED = "returned by `"
