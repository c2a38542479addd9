"""Memory and budget of the evaluator: it keeps answers, iterates cycles and cuts questions off.

Answers that depend on themselves form a cycle. The query that was entered first is the head of the cycle. It repeats the
computation with the answers of the last round until no answer changes. An answer that keeps changing is widened. All answers
of the cycle are tentative until the head is done. The method is Tarjan's: `low` is the level of the lowest running query
whose assumption was used.

Every question has a budget of steps, and every visit costs: computing an answer, reading one from memory, opening a file. A
question that takes more answers Unknown, and the run counts it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from cardlint.findings import Step
from cardlint.inference.core.protocol import ANY, Evaluator
from cardlint.inference.core.query import Query
from cardlint.inference.domain.frames import Frame
from cardlint.inference.domain.lazy import NO_DEPENDENCIES
from cardlint.inference.limits import (
    CALLER_PERCENT,
    COMPUTE_STEPS,
    DEEP_SHARE_PERCENT,
    EXTRA_STEPS,
    EXTRA_STEPS_OF_RUN,
    FILE_STEPS,
    FULL_SHARE_DEPTH,
    MAX_DEPENDENCIES,
    MAX_ROUNDS,
    MAX_RUNNING,
    QUESTION_STEPS,
    STRAY_STEPS_OF_RUN,
    steps_limit,
)
from cardlint.ir.terms import At

T = TypeVar("T")
R = TypeVar("R")
NEVER = 1 << 30
Key = tuple[Query[..., Any], object]
Table = dict[Any, tuple[Any, frozenset[Frame]]]


class OutOfSteps(Exception):
    """A question needs more steps than its budget; the caller answers Unknown and counts it."""


CUT: dict[type[BaseException], tuple[str, str]] = {
    RecursionError: ("expressions nested too deeply", "RECURSION_LIMIT"),
    MemoryError: ("more memory than there is for one question", ""),
}
"""The reason for cutting a question off, other than its steps, and the name of that limit."""


def gave_up(steps: int, what: str) -> str:
    """Say that a question was cut off. A part may get no steps at all, where the question has used them up."""
    if steps <= 0:
        return f"gave up: no steps of inference were left for {what}"
    return f"gave up after {steps:,} step{'' if steps == 1 else 's'} of inference on {what}"


class Running:
    """A query that is being computed. The lowest one of a cycle runs the rounds for all queries in it."""

    __slots__ = ("alive", "assumption", "level", "round", "tentative", "used")

    def __init__(self, level: int, assumption: Any) -> None:
        self.level = level
        self.assumption = assumption
        self.used = False
        self.alive = True
        self.round = 0
        self.tentative: list[Key] = []


class Memo(Evaluator):
    """The part of an evaluator that keeps answers and counts steps."""

    __slots__ = (
        "asked",
        "asking",
        "changed",
        "dependency_sets",
        "depth",
        "extra",
        "guesses",
        "low",
        "running",
        "stack",
        "steps",
        "stray",
        "tables",
        "tentative",
        "waiting",
    )

    def __init__(self) -> None:
        self.tables: dict[Query[..., Any], Table] = {}
        self.running: dict[Key, Running] = {}
        self.stack: list[Running] = []
        self.low = NEVER
        """level of the lowest running query whose assumption was used since this was last reset"""
        self.guesses: dict[Key, Any] = {}
        """the answers of the last round for the queries of a cycle"""
        self.changed: set[Key] = set()
        self.tentative: dict[Key, tuple[Any, frozenset[Frame], Running, int, Table, object]] = {}
        self.waiting: dict[object, int] = {}
        """lazy values that are being computed, with the depth of each"""
        self.nesting = 0
        self.steps = 0
        """remaining steps of the current question; what is evaluated outside of a question becomes one"""
        self.extra = EXTRA_STEPS_OF_RUN
        self.stray = STRAY_STEPS_OF_RUN
        self.asking = False
        self.asked: tuple[Frame, At] | None = None
        """the place of the current question"""
        self.depth = 0
        """nesting depth of the parts of the current question"""
        self.dependencies: set[Frame] = set()
        self.dependency_sets: dict[frozenset[Frame], frozenset[Frame]] = {}
        self.limits: dict[Step, str] = {}
        """limits that were hit: where and how, and the name of the limit"""

    # questions --------------------------------------------------------------------------------------------------------

    def limit(self, frame: Frame, at: At, what: str, name: str) -> None:
        """Count a limit of the inference that was hit, by its name in `limits`, so that no limit is silent."""
        self.limits[Step(frame.place(at), what)] = name

    def ask(self, question: Callable[[], T], default: T, frame: Frame, at: At, steps: int = QUESTION_STEPS) -> T:
        """Answer a question within a number of steps, or with `default`; the answers of its parts are kept.

        Without a budget, a receiver that can be anything makes the whole program part of one question.
        """
        if self.asking:
            return question()
        self.asking = True
        self.asked = (frame, at)
        extra = min(EXTRA_STEPS, self.extra) if steps >= QUESTION_STEPS else 0
        self.steps = steps + extra
        self.depth = 0 if steps >= QUESTION_STEPS else FULL_SHARE_DEPTH  # a side question gets a smaller budget from the start
        try:
            return question()
        except (OutOfSteps, RecursionError, MemoryError) as cut:
            self.forget()
            what, name = CUT.get(type(cut)) or (
                gave_up(steps + extra, "one question"),
                steps_limit(steps) or "QUESTION_STEPS",
            )
            self.limit(frame, at, what, name)
            return default
        finally:
            self.extra -= extra - min(extra, max(self.steps, 0))
            self.asking, self.steps = False, 0
            self.depth = 0

    def within(self, steps: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer a part of a question within a share of its steps, or with `default`, and go on.

        A part that many questions share - the attribute of a class, the parameter of a helper - is then answered once, also
        when the answer is that its budget ended. Otherwise it would use up the budget of each question.
        """
        share = steps
        if self.depth >= FULL_SHARE_DEPTH:
            steps = steps * DEEP_SHARE_PERCENT // 100
        if self.steps <= steps:
            return question()
        self.depth += 1
        try:
            return self._cut(steps, question, default, (frame, at), steps_limit(share))
        finally:
            self.depth -= 1

    def partly(self, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer one of several parts of a question with most of the steps that are left, or with `default`, and go on.

        One part that takes too many then costs its own answer, and not that of the others.
        """
        if not self.asking:
            return question()
        return self._cut(self.steps * CALLER_PERCENT // 100, question, default, (frame, at), "CALLER_PERCENT")

    def _cut(self, steps: int, question: Callable[[], T], default: T, place: tuple[Frame, At], limit: str) -> T:
        """Answer a question within a number of steps, or with `default`, and count the limit by its name."""
        before = self.steps
        depth, low, dependencies = len(self.stack), self.low, self.dependencies
        self.steps = steps
        try:
            return question()
        except OutOfSteps:
            while len(self.running) > depth:
                self.running.popitem()[1].alive = False
            del self.stack[depth:]
            self.low, self.dependencies = low, dependencies
            self.limit(*place, gave_up(steps, "a part of a question"), limit)
            return default
        finally:
            self.steps = before - (steps - max(self.steps, 0))

    def aside(self, steps: int, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer a side question on a budget of its own: the current question keeps its steps."""
        if not self.asking:
            return self.ask(question, default, frame, at, steps)
        before, self.steps = self.steps, NEVER
        try:
            return self.within(steps, question, default, frame, at)
        finally:
            self.steps = before

    def tentatively(self, question: Callable[[], T]) -> tuple[T, bool]:
        """Answer a part of a question, and tell whether the answer depends on an open query."""
        outer, self.low = self.low, NEVER
        try:
            found = question()
            return found, self.low != NEVER
        finally:
            self.low = min(outer, self.low)

    def charge(self, steps: int = FILE_STEPS) -> None:
        """Take steps from the current question: those of reading a file where nothing else is said."""
        self.steps -= steps
        if self.steps < 0 and self.asking:
            raise OutOfSteps

    def forget(self) -> None:
        """Drop the state of computations that were cut off, so that the next question starts clean."""
        self.running.clear()
        self.stack.clear()
        self.tentative.clear()
        self.guesses.clear()
        self.changed = set()
        self.dependencies = set()
        self.waiting.clear()
        self.low = NEVER
        self.nesting = 0

    # answers ----------------------------------------------------------------------------------------------------------

    def answer(self, query: Query[..., R], key: object, args: tuple[Any, ...]) -> R:
        """Answer a query, from memory where possible."""
        table = self.tables.get(query)
        if table is None:
            table = self.tables[query] = {}
        kept = table.get(key)
        if kept is None:
            found: R = self.solve(query, key, args, table, key)
            return found
        self.steps -= 1
        if self.steps < 0 and self.asking:
            raise OutOfSteps
        if query.tracks:
            self.rests(kept[1])
        known: R = kept[0]
        return known

    def solve(self, query: Query[..., Any], key: object, args: tuple[Any, ...], table: Table, slot: object) -> Any:
        """Compute an answer that may depend on itself, and keep it in `table` under `slot` once it is final."""
        self.steps -= COMPUTE_STEPS
        if self.steps < 0:
            if not self.asking:
                frame = next((a for a in args if isinstance(a, Frame)), None)
                return self._stray_query(partial(self.solve, query, key, args, table, slot), query.widen(query.initial), frame)
            raise OutOfSteps
        whole = (query, key)
        running = self.running.get(whole)
        if running is not None:
            running.used = True
            self.low = min(self.low, running.level)
            return running.assumption
        kept = self.tentative.get(whole)
        if kept is not None and kept[2].alive and kept[3] == kept[2].round:
            if query.tracks:
                self.rests(kept[1])
            self.low = min(self.low, kept[2].level)
            kept[2].used = True
            return kept[0]
        level = len(self.stack)
        if level >= MAX_RUNNING:
            if self.asked is not None:
                self.limit(*self.asked, f"gave up: more than {MAX_RUNNING} steps of inference at once", "MAX_RUNNING")
            self.low = 0  # a question that is less deep may find a better answer, so this one is not kept
            return query.widen(query.initial)
        running = self.running[whole] = Running(level, self.guesses.get(whole, query.initial))
        self.stack.append(running)
        outer_low, outer_dependencies = self.low, self.dependencies
        self.dependencies = set()
        try:
            result = self._rounds(query, args, running, whole)
        finally:
            del self.running[whole]
            self.stack.pop()
            running.alive = False
        found = self.shared_dependencies()
        if self.low >= level:
            table[slot] = (result, found)
            self.low = outer_low
        else:
            head = self.stack[self.low]
            self.tentative[whole] = (result, found, head, head.round, table, slot)
            head.tentative.append(whole)
            self.low = min(outer_low, self.low)
        if not level:  # the guesses of one cycle are no start values of another one
            self.guesses.clear()
            self.tentative.clear()
        self.dependencies = outer_dependencies
        if query.tracks:
            self.rests(found)
        return result

    def stray_question(self, question: Callable[[], T], default: T, frame: Frame, at: At) -> T:
        """Answer what is evaluated outside of a question as one: no evaluation is without a budget."""
        steps = QUESTION_STEPS + self.stray
        left = 0

        def counted() -> T:
            nonlocal left
            try:
                return question()
            finally:
                left = max(self.steps, 0)

        found = self.ask(counted, default, frame, at, steps)
        self.stray = max(0, self.stray - max(0, steps - left - QUESTION_STEPS))
        return found

    def _stray_query(self, question: Callable[[], T], default: T, frame: Frame | None) -> T:
        """Answer a query outside of a question; before the first one, nothing but the structure of the program is asked for."""
        if frame is not None:
            return self.stray_question(question, default, frame, frame.ir.at)
        if self.asked is not None:
            return self.stray_question(question, default, *self.asked)
        self.steps = NEVER
        try:
            return question()
        finally:
            self.steps = 0

    def _rounds(self, query: Query[..., Any], args: tuple[Any, ...], running: Running, whole: Key) -> Any:
        """Compute an answer; when it heads a cycle, again until no answer of the cycle changes."""
        changed_before = self.changed
        while True:
            self.low = NEVER
            self.changed = set()
            running.used = False
            result = query.function(self, *args)
            if running.used and not query.same(result, running.assumption):
                self.changed.add(whole)
                self.guesses[whole] = result
            inner = self.low < running.level
            if inner or not running.used or not self.changed or running.round > MAX_ROUNDS:
                break
            running.round += 1
            if running.round == MAX_ROUNDS:
                for growing in self.changed:
                    self.guesses[growing] = growing[0].widen(self.guesses[growing])
            running.assumption = self.guesses.get(whole, result)
        if self.low >= running.level:  # the cycle is complete: its tentative answers are final
            if running.used:
                self._commit(running)
            self.low = NEVER
            self.changed = changed_before
        else:
            self.changed |= changed_before
        return result

    def _commit(self, head: Running) -> None:
        """Keep the answers of the last round for the queries of a cycle: each of them rests on what its head rests on."""
        of_head = self.shared_dependencies()
        for whole in head.tentative:
            entry = self.tentative.get(whole)
            if entry is None or entry[2] is not head:
                continue
            result, dependencies, _, round_, table, slot = self.tentative.pop(whole)
            self.guesses.pop(whole, None)
            if round_ == head.round:
                merged = frozenset((ANY,)) if ANY in dependencies or ANY in of_head else dependencies | of_head
                table[slot] = (result, self.dependency_sets.setdefault(merged, merged))

    # dependencies -----------------------------------------------------------------------------------------------------

    def rests(self, found: frozenset[Frame]) -> None:
        """Record a dependency on the parameters of these open frames; very many of them are ANY."""
        if not found or ANY in self.dependencies:
            return
        self.dependencies |= found
        if len(self.dependencies) > MAX_DEPENDENCIES or ANY in found:
            self.dependencies = {ANY}

    def shared_dependencies(self) -> frozenset[Frame]:
        """Return the current dependencies as a set that equal results share."""
        if not self.dependencies:
            return NO_DEPENDENCIES
        found = frozenset(self.dependencies)
        return self.dependency_sets.setdefault(found, found)
