"""Base of rules: metadata, pages and a pure check.

A rule is one module of this package with a `RULE` constant. `explain`, the rules table, the documentation and the example
tests are derived from it, so adding a rule is one file of code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from cardlint.findings import Confidence, Finding, Severity

if TYPE_CHECKING:
    from cardlint.inference.program import Program


class Thresholds(Struct, frozen=True):
    """The settings rules may read. Rules never see the configuration file itself."""

    buckets_min: int = 5
    buckets_max: int = 12
    max_series: int | None = None
    max_label_values: int | None = None
    bounded_labels: frozenset[str] = frozenset()
    identity_labels: frozenset[str] = frozenset()


class Example(Struct, frozen=True):
    """A piece of code with its expected findings, both test and documentation.

    The expected primary span is written between two guillemets, `«...»`, in `code`; good examples have none. Several
    files are written as `# file: name.py` lines. `config` is TOML for `[tool.cardlint]`.
    """

    code: str
    title: str = ""
    config: str = ""
    pedantic: bool = False


class Rule(Struct, frozen=True):
    """One rule. `check` is pure: the same program gives the same findings, and nothing is read or printed."""

    name: str
    code: str
    title: str
    """one line for tables"""
    severity: Severity
    default: bool
    """False: only with --pedantic or when selected"""
    what: str
    why: str
    fix: str
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    check: Callable[[Program, Thresholds], Iterator[Finding]]
    ignore_when: str = ""
    configuration: str = ""
    evidence: str = ""
    confidence: Confidence = Confidence.HIGH
    about_comments: bool = False
    """True: judges suppression comments, after all other rules have run"""
    any_client: bool = False
    """True: judges names and values of labels, which cost the same with every client.

    False: judges a call of a client, and sees only the metrics of clients whose rows say `misuse`
    """
