"""Written: where a text writes a name in a certain way, found without parsing.

Bodies of functions are lowered when their text may hold what is asked for. What is found here may be more than that, and never
less: a body that is passed over is never looked at.
"""

from __future__ import annotations

from cardlint.common.textscan import ASSIGNING, ASSIGNS, CONTINUED, ENTERS, LOOPS

BLANK = " \t"
MAX_LINE = 2_000
"""Letters of a line that is looked at."""
MAX_LINES = 20
"""Lines that the targets of one assignment may take; what takes more counts as one."""


def written(text: str, name: str, form: str, start: int) -> int:
    """Return where a name is written next in a form, -1 where it is not.

    Forms are `call`, `store` (an attribute that may be assigned to there) and '' for any.
    """
    if not name:
        return -1  # it would be found at every place, without end
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
    """Tell whether a character beside a name belongs to it, so that it is part of a longer one."""
    return character == "_" or character.isalnum()


def _is_target(text: str, at: int, end: int) -> bool:
    """Tell whether an attribute that ends here may be what an assignment, a loop or a `with` stores something in.

    What stands in a very long line, or goes on from the line above, counts without a closer look.
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
    """Tell whether an attribute may be one of several targets, which may stand on several lines: their `=` or `in` follows."""
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
