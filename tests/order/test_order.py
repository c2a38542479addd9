"""No verdict depends on an order: of arguments, labels, statements, definitions, branches, files, paths, seeds, or hashes.

`CARDLINT_ORDER=5000 pytest tests/order` checks that many permutations of the written programs and as many generated programs.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.frozen.test_frozen import programs as frozen
from tests.inference import markdown
from tests.order.comparing import Verdicts, analysed, told
from tests.order.cycles import PROGRAMS
from tests.order.rewriting import REWRITINGS, Files
from tests.soundness.programs import Program, programs

pytestmark = pytest.mark.once

COUNT = int(os.environ.get("CARDLINT_ORDER", "0"))
"""Permutations of the written programs; without it as many as fit into a minute."""
EXAMPLES = COUNT or 120
HASHED_PROGRAMS = COUNT or 40
LABELS = "from prometheus_client import Counter\nC = Counter('c_total', 'C', ['a', 'b'])\n"


def snippets() -> Iterator[tuple[str, Files]]:
    """Yield the programs of the inference tests."""
    yield from markdown.programs()


def permuted(name: str, files: Files, kind: str, turn: int) -> Verdicts | None:
    """Return what is said of a program in another order, None where that order changes nothing in its text."""
    chance = random.Random(f"{name} {kind} {turn}")
    if kind in ("seeds", "paths"):
        return told(analysed(files, **{kind: chance})) if len(files) > 1 else None
    other = REWRITINGS[kind](dict(files), chance)
    return told(analysed(other)) if other != files else None


KINDS = (*REWRITINGS, "seeds", "paths")


def differing(name: str, files: Files, turns: int) -> list[str]:
    """List the permutations of a program that change what is said of it."""
    expected = told(analysed(files))
    out = []
    for turn in range(turns):
        for kind in KINDS:
            found = permuted(name, files, kind, turn)
            if found is not None and found != expected:
                out.append(f"{name}: {kind} {turn}: - {sorted(expected - found)} + {sorted(found - expected)}")
    return out


@pytest.mark.parametrize("name", PROGRAMS)
def test_answers_that_depend_on_each_other(name: str) -> None:
    """Programs with cycles: whichever part is asked first, the verdicts are the same."""
    turns = max(3, COUNT // (len(PROGRAMS) * len(KINDS)))
    assert not differing(name, PROGRAMS[name], turns)


def test_the_programs_of_the_tree() -> None:
    """Fixtures, examples of rules, and the programs of the inference tests."""
    every = [*frozen(), *snippets()]
    turns = max(1, COUNT // (len(every) * len(KINDS)))
    assert not [line for name, files in every for line in differing(name, files, turns)]


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=not COUNT, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)  # fmt: skip
@given(program=programs(), turn=st.integers(0, 1000))
def test_generated_programs(program: Program, turn: int) -> None:
    """Random programs of two files."""
    files = {"main.py": program.main, "helpers.py": program.helpers}
    note(program.main)
    note(program.helpers)
    expected = told(analysed(files))
    for kind in KINDS:
        found = permuted("generated", files, kind, turn)
        assert found is None or found == expected, kind


HASHED = """
import json, sys
from tests.order.comparing import analysed, told
for files in json.load(sys.stdin):
    print(sorted(map(repr, told(analysed(files)).items())))
"""


def told_with_hashes(every: list[Files]) -> set[str]:
    """Return what is said of some programs in processes with different seeds of hashes, all of it as one text for each."""
    texts = json.dumps(every)
    return {
        subprocess.run(
            [sys.executable, "-c", HASHED],
            input=texts,
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "4711")
    }


def test_the_seed_of_hashes() -> None:
    """Sets and dictionaries by hash are in another order in every process; nothing that is said depends on it."""
    assert len(told_with_hashes([*PROGRAMS.values(), *(files for _, files in frozen())])) == 1


def test_the_seed_of_hashes_of_generated_programs() -> None:
    """The programs are the same in every run of the test; a difference is searched with `test_generated_programs`."""
    made: list[Files] = []

    @settings(max_examples=HASHED_PROGRAMS, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(programs())
    def collect(program: Program) -> None:
        made.append({"main.py": program.main, "helpers.py": program.helpers})

    collect()
    assert len({json.dumps(files) for files in made}) > HASHED_PROGRAMS // 2
    assert len(told_with_hashes(made)) == 1


@pytest.mark.parametrize("order", [("kind", "name"), ("name", "kind")])
def test_a_label_whose_callers_are_found_through_the_object_of_the_other(order: tuple[str, str]) -> None:
    """Asked before or after the other label, the callers of `send` are found: it is called with two constants."""
    given = {"kind": "a=kind", "name": "b=self.link.name"}
    program = PROGRAMS["callers found through the object that the other label is"]["app.py"]
    text = program.replace("a=kind, b=self.link.name", ", ".join(given[part] for part in order))
    values = {arg.label: arg.value for site in analysed({"app.py": text}).program.sites for arg in site.args}
    assert set(values["a"].exact) == {"start", "again"}
    assert values["b"].info().cls == "unbounded"


def values_of(label: str, text: str) -> set[object]:
    """Return the texts that a label can take in a program of one file."""
    done = analysed({"app.py": text})
    return {v for site in done.program.sites for arg in site.args if arg.label == label for v in arg.value.exact}


TWO_FRAMES = """class Thing:
    def __init__(self, name):
        self.name = name

def make(name):
    return Thing(name)

def f(test):
    thing = make("one") if test else make("two")
    C.labels(a=thing.name, b="x").inc()
"""
TWO_CLASSES = """class Base:
    @classmethod
    def title(cls):
        return cls.__name__

class One(Base):
    pass

class Two(Base):
    pass

def f():
    for cls in (One, Two):
        C.labels(a=cls.title(), b="x").inc()
"""


def test_two_objects_that_one_call_makes_are_two() -> None:
    """The same place in two frames makes two objects: the first of them was kept."""
    assert values_of("a", LABELS + TWO_FRAMES) == {"one", "two"}


def test_a_method_of_two_objects_runs_on_both() -> None:
    """A class method reached through two classes ran on the first of them only."""
    assert values_of("a", LABELS + TWO_CLASSES) == {"One", "Two"}


def test_a_property_is_no_shorter_for_whoever_asks_second() -> None:
    """A property that was asked for first from within another one was cut off there, and kept like that."""
    program = PROGRAMS["properties that ask each other"]["app.py"]
    uses = [line for line in program.splitlines(keepends=True) if "C.labels" in line]
    head = program[: program.index(uses[0])]
    said = [told(analysed({"app.py": head + "".join(order)})) for order in permutations(uses)]
    assert all(other == said[0] for other in said)


def test_every_shape_without_an_anchor_is_listed_by_its_signature() -> None:
    """A shape that parameters alone tell is loaded by them, so that it does not wait for another file to load it."""
    from cardlint.knowledge import BY_SIGNATURE, WHERE, load

    for module, packages in WHERE.items():
        for shape in load(frozenset(packages)).shapes:
            if shape.decorator or shape.base or shape.attribute or shape.passed:  # the call of `passed` loads it
                continue
            listed = [
                known
                for known in BY_SIGNATURE
                if known.framework == shape.framework
                and shape.signature[: len(known.signature)] == known.signature
                and (not known.methods or shape.method in known.methods)
            ]
            assert listed, f"{module}: {shape}"
    for known in BY_SIGNATURE:
        for package in known.packages:
            assert any(package in packages for packages in WHERE.values()), package


def test_rewritings_change_something() -> None:
    """Each kind of rewriting changes some program: the comparison is not vacuous."""
    for kind, rewriting in REWRITINGS.items():
        changed = [name for name, files in PROGRAMS.items() if rewriting(dict(files), random.Random(name)) != files]
        assert changed, kind


def test_the_comparison_can_fail(tmp_path: Path) -> None:
    """Two programs that say something else are told apart."""
    one, two = LABELS + TWO_FRAMES, LABELS + TWO_FRAMES.replace('"two"', '"three"')
    assert told(analysed({"app.py": one})) != told(analysed({"app.py": two}))
