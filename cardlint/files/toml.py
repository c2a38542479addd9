"""TOML from an untrusted file: measured before it is parsed, so that no text takes the parser too deep or too long."""

from __future__ import annotations

import re
from typing import Any

from cardlint.common.expressions import Expression

MAX_DEPTH = 50
"""Nesting of brackets, and parts of a dotted key, that a configuration has at most."""
STRINGS = Expression(
    r'''"""(?:\\.|[^\\])*?(?:"""|\\?\Z)|'''
    r"'''.*?(?:'''|\Z)|"
    r'"(?:\\.|[^"\\\n])*(?:"|\\?$)|'
    r"'[^'\n]*(?:'|$)|#[^\n]*",
    re.S | re.M,
)
"""Strings and comments, each up to its end or that of the line or text: no character is scanned twice."""
BRACKETS = Expression(r"[\[\]{}]")
BETWEEN_KEYS = Expression(r"[^\w.\-' \t]")


class WrongToml(Exception):
    """A text is not TOML, or not within the limits of a configuration; the message is one line."""


def parsed(text: str) -> dict[str, Any]:
    """Return the content of a text; raises WrongToml, and nothing else, for one that cannot be parsed in a sensible time."""
    import tomllib

    _measure(text)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise WrongToml(str(problem)) from None
    except (ValueError, OverflowError):  # numbers and dates that TOML accepts and Python does not
        raise WrongToml("a number or date in it is out of range") from None
    except RecursionError:
        raise WrongToml("it is nested too deeply") from None


def _measure(text: str) -> None:
    depth = 0
    for line in STRINGS.regex.sub("''", text).split("\n"):
        if line.count(".") > MAX_DEPTH and any(part.count(".") > MAX_DEPTH for part in BETWEEN_KEYS.regex.split(line)):
            raise WrongToml(f"a key in it has more than {MAX_DEPTH} parts")
        for bracket in BRACKETS.regex.findall(line):
            depth += 1 if bracket in "[{" else -1
            if depth > MAX_DEPTH:
                raise WrongToml("it is nested too deeply")
