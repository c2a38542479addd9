"""Label values: the arguments of one call as values of labels, by name and by position.

A value may be an element of a list or of a dictionary that is not completely known: then it belongs to each label that is left.
"""

from __future__ import annotations

from functools import partial

from msgspec.structs import replace

from cardlint.findings import Place
from cardlint.inference.codebase.render import render_expr
from cardlint.inference.core.evaluator import TOO_WIDE
from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.containers import Mapping, Sequence, UnknownKey
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.joins import join_objects
from cardlint.inference.domain.lazy import Lazy
from cardlint.inference.domain.objects import Objects
from cardlint.inference.domain.value_sets import Bound, ValueSet, exactly, unknown
from cardlint.inference.heuristics.label_names import judge
from cardlint.inference.primitives import collections
from cardlint.inference.program import LabelArg
from cardlint.inference.prometheus import receivers
from cardlint.ir.terms import AnyTerm, Iterate, Star


class LabelValues:
    """Evaluates the arguments of calls that give values to labels, each as one question of its own."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev

    def eval(self, term: AnyTerm, frame: Frame) -> Objects:
        """Evaluate a term as one question of its own."""
        return self.ev.ask(lambda: self.ev.eval(term, frame), (TOO_WIDE,), frame, term.at)

    def forced(self, thunk: Lazy, frame: Frame, term: AnyTerm) -> Objects:
        """Evaluate an element as one question of its own."""
        return self.ev.ask(lambda: self.ev.force(thunk), (TOO_WIDE,), frame, term.at)

    def _value(self, alts: Objects, frame: Frame, term: AnyTerm) -> ValueSet:
        value = self.ev.ask(lambda: self.ev.scalar(alts, frame, term.at), TOO_WIDE, frame, term.at)
        if value.bound is Bound.EXACTLY and not value.exact:  # the text or the part of nothing is nothing, too
            return unknown("no value is known to reach this place")
        return value

    def arg(self, label: str | None, term: AnyTerm, frame: Frame, alts: Objects, at: Place | None, keyed: bool = False) -> LabelArg:
        """Return one argument with its value. `at` is the place of a caller, where the site is attributed to one.

        With `keyed` the term is a dictionary that holds the value under the name of the label, and the text names the item.
        """
        place = frame.place(term.at)
        text = render_expr(term, frame)
        if keyed and label is not None and all(part.isidentifier() for part in text.split(".")):
            text = f'{text}["{label}"]'
        if at is not None:
            place, text = receivers.origin(term, frame, at, text)
        return LabelArg(label, place, self._value(alts, frame, term), text)

    def starred(
        self, argument: Star, frame: Frame, names: tuple[str, ...] | None, start: int | None, behind: int, at: Place | None
    ) -> list[LabelArg]:
        """Return the arguments of `*values`: one for each known element, else one for each remaining label."""
        alts = self.eval(argument.base, frame)
        items = collections.as_items(self.ev, alts)
        if items is not None and start is not None and alts:  # `*args` of a call without arguments gives nothing
            out = []
            for offset, thunk in enumerate(items):
                label = names[start + offset] if names is not None and start + offset < len(names) else None
                out.append(self.arg(label, argument.base, frame, self.forced(thunk, frame, argument), at))
            return out
        left = names[start : len(names) - behind] if names is not None and start is not None else ()
        return self.by_position(argument.base, alts, left, frame, at)

    def by_position(self, term: AnyTerm, alts: Objects, names: tuple[str, ...], frame: Frame, at: Place | None) -> list[LabelArg]:
        """Return one argument for each label of a list of values that is not completely known."""
        lists = [o for o in alts if isinstance(o, Sequence)]
        if lists and names:
            placed: list[LabelArg] = []
            loose: list[LabelArg] = []
            for offset in range(max(len(names), *(len(o.items) for o in lists))):
                found = self._placed(lists, offset, frame, term)
                if found is None:
                    continue
                arg = self.arg(names[offset] if offset < len(names) else None, term, frame, found, at)
                (placed if all(is_placed(o, offset) for o in lists) else loose).append(arg)
            return [*placed, *collapse_unknown_position(loose)]
        element = self.eval(Iterate(term, term.at), frame)
        return collapse_unknown_position([self.arg(label, term, frame, element, at) for label in names or (None,)])

    def _placed(self, lists: list[Sequence], offset: int, frame: Frame, argument: AnyTerm) -> Objects | None:
        """Join the elements at one position of several lists, or of one that is not completely known; None where all end before it."""
        groups: list[Objects] = []
        for obj in lists:
            if offset < len(obj.items) and is_placed(obj, offset):
                groups.append(self.forced(obj.items[offset], frame, argument))
            else:
                groups.extend(self.forced(thunk, frame, argument) for thunk in obj.rest)
        return join_objects(groups) if groups else None

    def mapping(
        self,
        term: AnyTerm,
        alts: Objects,
        frame: Frame,
        names: tuple[str, ...] | None,
        at: Place | None,
        open_names: bool = False,
        varying: bool = False,
    ) -> list[LabelArg]:
        """Return the arguments of a dictionary: one for each label that it has a value for.

        `open_names` says that the metric may have more labels than `names`, `varying` that each of several metrics has labels of
        its own.
        """
        mappings = [o for o in alts if isinstance(o, Mapping)]
        if not mappings:
            wanted = names or (None,)
            nothing: Objects = (unknown("the labels come from an unknown dictionary"),)
            return [self.arg(name, term, frame, nothing, at, True) for name in wanted]
        keys: dict[str, None] = {}
        for mapping in mappings:
            for key, _ in mapping.entries:
                if isinstance(key, str):
                    keys[key] = None
        any_key = any(isinstance(k, UnknownKey) for m in mappings for k, _ in m.entries) or any(m.open for m in mappings)
        if names:
            chosen = [n for n in names if n in keys or any_key]
            if varying:  # several metrics, each with labels of its own
                chosen.extend(k for k in keys if k not in chosen)
        else:
            chosen = list(keys)
        out = []
        for name in chosen:
            under = partial(collections.get, self.ev, tuple(mappings), exactly((name,)))
            found: Objects = self.ev.ask(under, (TOO_WIDE,), frame, term.at)
            out.append(self.arg(name, term, frame, found, at, True))
        out = [*(a for a in out if a.label in keys), *collapse_unknown_position([a for a in out if a.label not in keys])]
        if any_key and (not names or open_names):
            loose = [
                collections.lookup(self.ev, Mapping(tuple(e for e in m.entries if isinstance(e[0], UnknownKey)), m.open), unknown(""))
                for m in mappings
            ]
            for group in loose:
                if group:
                    more = self.arg(None, term, frame, group, at)
                    if more.value.bound is not Bound.UNKNOWN or not out:  # a label without a name or a value is not decided
                        out.append(more)
                    break
        return out


def collapse_unknown_position(args: list[LabelArg]) -> list[LabelArg]:
    """Attribute one unbounded value at an unknown position to one label, and not to every label.

    If the names of some labels mean unbounded sets, it is attributed to those.
    """
    unbounded = [a for a in args if a.value.bound is Bound.UNBOUNDED]
    if len(unbounded) < 2 or len({(a.value.why, a.value.steps()[:1]) for a in unbounded}) > 1:
        return args
    named = [a for a in unbounded if a.label is not None and (said := judge(a.label)) is not None and said.confidence != "contextual"]
    return [*(a for a in args if a.value.bound is not Bound.UNBOUNDED), *(named or [replace(unbounded[0], label=None)])]


def is_placed(obj: Sequence, offset: int) -> bool:
    """Tell whether the element at a position of a list is known, also when the list ends before it."""
    return obj.kind != "set" and obj.max_size is None and (offset < len(obj.items) or not obj.rest)
