"""Text of analysed code, made safe to print.

A file name or a label can hold terminal control characters; printed raw, they could hide a finding or run a command
in a terminal that answers queries.
"""

from __future__ import annotations

import re

UNSAFE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
"""Control characters, those that reorder or hide text, and those that XML forbids."""


def clean(text: str) -> str:
    """Replace control and direction characters by visible escapes; tabs stay for the caller to expand."""
    return UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}" if ord(match[0]) < 256 else f"\\u{ord(match[0]):04x}", text)
