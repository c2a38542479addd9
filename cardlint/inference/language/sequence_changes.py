"""Collections that calls change in place without adding to them: what is put into another order, and what may be gone."""

from __future__ import annotations

from cardlint.inference.core.protocol import Evaluator
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.objects import Objects
from cardlint.inference.primitives import selections
from cardlint.ir.terms import Op


def reordered(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a list behind a call that moves its elements."""
    return selections.reordered(ev.eval(term.args[0], frame))


def thinned(ev: Evaluator, term: Op, frame: Frame) -> Objects:
    """Evaluate a collection behind a call that may have taken any of its elements."""
    return selections.thinned(ev.eval(term.args[0], frame))
