"""Text scans: the places where a text writes a name in a certain form, found without parsing.

A body is lowered when its text may hold the name. A scan may find more than the syntax tree does, and never less: a body
that is passed over is never analysed.
"""

from __future__ import annotations

from cardlint.common.textscan import ASSIGNING, ASSIGNS, CONTINUED, ENTERS, LOOPS

BLANK = " \t"
MAX_LINE = 2_000
"""Letters of a line that is scanned."""
MAX_LINES = 20
"""Lines that the targets of one assignment may take; longer ones count as an assignment."""


def written(text: str, name: str, form: str, start: int) -> int:
    """Return the next offset at which a name is written in a form, -1 for none.

    Forms are `call`, `store` (an attribute that may be assigned to there) and '' for any.
    """
    if not name:
        return -1  # the empty name is at every place
    needle = f".{name}" if form == "store" else name
    while True:
        at = text.find(needle, start)
        if at < 0:
            return -1
        start = at + len(needle)
        if _goes_on(text[start : start + 1]) or (form != "store" and at and _goes_on(text[at - 1])):
            continue
        if form == "call":
            follows = text[start : start + 400].lstrip(" \t\n)")[:1]
            if follows not in ("(", "\\", "#"):  # brackets, comments and line ends may come between a name and its call
                continue
        elif form == "store" and not _is_target(text, at, start):
            continue
        return at


def _goes_on(character: str) -> bool:
    """Tell whether a character next to a name belongs to it, so that it is part of a longer one."""
    return character == "_" or character.isalnum()


def _is_target(text: str, at: int, end: int) -> bool:
    """Tell whether an attribute that ends here may be the target of an assignment, a loop or a `with`.

    In a very long line, or in one that continues from the line above, it counts as one.
    """
    start = text.rfind("\n", max(0, at - MAX_LINE), at) + 1
    if not start and at > MAX_LINE:
        return True
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    after = text[end : end + 1]
    if after in (",", ")", "]", ":", "i", "#", "\n") and CONTINUED.regex.search(text, start, at):
        return True
    if after == ":":  # `x.name: int = 3`, `with lock as x.name:`
        rest = text[end + 1 : text.find("\n", end) if text.find("\n", end) >= 0 else len(text)].strip(BLANK)
        return (bool(rest) and not rest.startswith("#")) or ENTERS.regex.search(text, start, at) is not None
    if after in (",", ")", "]", "#", "\n", ""):
        return _among_targets(text, start, at, end)
    if after == "i":
        return text.startswith("in", end) and LOOPS.regex.search(text, start, at) is not None
    return after == "\\" or ASSIGNING.regex.match(text, end) is not None


def _among_targets(text: str, start: int, at: int, end: int) -> bool:
    """Tell whether an attribute may be one of several targets, which may be on several lines: their `=` or `in` follows."""
    if ENTERS.regex.search(text, start, at):
        return True
    for _ in range(MAX_LINES):
        stop = text.find("\n", end)
        line = text[end:] if stop < 0 else text[end:stop]
        if len(line) > MAX_LINE:
            return True
        if ASSIGNS.regex.search(line):
            return True
        if stop < 0:
            return False
        end = stop + 1
        goes_on = any(part.rstrip(BLANK).endswith((",", "(", "[", "\\")) for part in (line, line.partition("#")[0]))
        if not goes_on and text[end : end + 200].lstrip(" \t\n")[:1] not in (")", "]", ",", "#"):
            return False
    return True
