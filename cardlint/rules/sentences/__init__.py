"""Every sentence of the rules, in one place, so that all of them can be read one after the other.

A rule fills in names and numbers and writes no sentence itself. `tests/sentences/rules.txt` shows each one with an example.

`values` has those about the values of labels, `usage` those about declarations and calls.
"""

from __future__ import annotations


class Sentence:
    """A sentence with gaps, and an example of each gap, with which a test shows it to a reader."""

    __slots__ = ("example", "text")

    def __init__(self, text: str, /, **example: object) -> None:
        self.text = text
        self.example = example

    def __call__(self, **given: object) -> str:
        """Return the sentence with its gaps filled."""
        return self.text.format(**given)

    def shown(self) -> str:
        """Return the sentence with its example."""
        return self(**self.example)
