"""Regular expressions that are compiled when they are first used.

Compiling one takes about a tenth of a millisecond, and most runs use few of those that the package holds: a run over one small file
would spend a tenth of its time on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import AnyStr, Generic


class Expression(Generic[AnyStr]):
    """A regular expression, compiled by the first that asks for `regex`."""

    pattern: AnyStr
    flags: int

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    @cached_property
    def regex(self) -> re.Pattern[AnyStr]:
        """The compiled expression."""
        return re.compile(self.pattern, self.flags)


class Template:
    """A regular expression with gaps such as `«names»`, for what is known while running only."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self.flags = flags

    def of(self, **gaps: Iterable[str]) -> re.Pattern[str]:
        """Return the expression that takes any of these texts where a gap is."""
        return re.compile(self.source(**gaps), self.flags)

    def source(self, **gaps: Iterable[str]) -> str:
        """Return that expression as text, for one that has it as a part."""
        pattern = self.pattern
        for gap, texts in gaps.items():
            pattern = pattern.replace(f"«{gap}»", "|".join(map(re.escape, texts)))
        return pattern
