"""Straight lines: whether the code at one place always runs after that at another one in the same block.

Where a dictionary gets a key on one branch, the call that uses it raises on the other branch, unless it is on the same branch: behind a
second test of the same thing, or after a `return`. The lines in between say so, whatever the tests are.
"""

from __future__ import annotations

from cardlint.inference.codebase import terms
from cardlint.inference.domain.frames import Frame, Lines
from cardlint.inference.limits import MAX_STRAIGHT_LINES, MAX_TERM_DEPTH
from cardlint.ir.terms import AnyTerm, At, Choice, DelItem, Iterate, Param, Refine, SetItem, Update, Use

LEAVING = frozenset({"return", "raise", "continue", "break", "yield", "assert", "try", "except", "except*", "finally", "match", "case"})
"""First words of lines after which not every path goes on to the next line of the block."""
LEAVING_EARLY = frozenset({"return", "raise", "continue", "break", "yield"})
CONDITIONAL = frozenset({"if", "and", "or", "lambda"})
INNER = frozenset({"def", "class"})


def lines_of(frame: Frame) -> Lines:
    """Return the lines of the file of a frame."""
    if frame.file.lines is None:
        frame.file.lines = Lines(frame.file.ir.text.expandtabs().split("\n"))
    return frame.file.lines


def follows(lines: Lines, first: int, last: int) -> bool:
    """Tell whether line `last` runs whenever line `first` has run: it is in the same block, and nothing leaves the block between them."""
    if not 1 <= first <= last <= len(lines.texts) or last - first > MAX_STRAIGHT_LINES or not _is_plain(lines, last):
        return False
    here = _climbed(lines, _indent(lines.texts[first - 1]), first, last)
    return here is not None and _stays(lines, first, here)


def decided(lines: Lines, first: int, last: int) -> bool:
    """Tell whether line `last` runs behind the tests that decide what line `first` begins: `if` and `else` that give a name its values."""
    if not 1 <= first <= last <= len(lines.texts):
        return False
    while (deep := _indent(lines.texts[first - 1])) > _indent(lines.texts[last - 1]):
        above = next((n for n in range(first - 1, 0, -1) if lines.texts[n - 1].strip() and _indent(lines.texts[n - 1]) < deep), None)
        if above is None or _word(lines.texts[above - 1]) not in ("if", "elif", "else"):
            return False
        first = above
    if any(_word(text) in ("for", "while") for text in lines.texts[first - 1 : last - 1]):
        return False  # what is put in there depends on the turns
    return follows(lines, first, last)


def in_loop_body(lines: Lines, loop: int, last: int) -> bool:
    """Tell whether a line runs in every turn of the loop whose head is at line `loop`."""
    if not 1 <= loop < last <= len(lines.texts) or _word(lines.texts[loop - 1]) != "for":
        return False
    return _opened_by(lines, loop, last)


def in_function_body(frame: Frame, last: int) -> bool:
    """Tell whether a line runs in every call of the function of a frame that does not raise before."""
    ir, lines = frame.ir, lines_of(frame)
    if ir.kind == "module":
        return last <= len(lines.texts) and _is_plain(lines, last) and _climbed(lines, 0, 1, last) is not None
    return ir.kind == "function" and ir.at[0] < last <= len(lines.texts) and _opened_by(lines, ir.at[0], last)


def always_runs(frame: Frame, last: int) -> bool:
    """Tell whether a line runs in every call of the function of a frame: it is under no test, and no test before it leaves.

    Loops and `try` let a line run; what counts is whether the code asks for something first.
    """
    ir, lines = frame.ir, lines_of(frame)
    if last > len(lines.texts) or not _is_plain(lines, last) or (ir.kind == "function" and not ir.at[0] < last):
        return False
    if last - (ir.at[0] if ir.kind == "function" else 1) > MAX_STRAIGHT_LINES:
        return False
    outer = _indent(lines.texts[ir.at[0] - 1]) if ir.kind == "function" else -1
    first = ir.at[0] + 1 if ir.kind == "function" else 1
    here = last
    while True:
        deep = _indent(lines.texts[here - 1])
        above = _above(lines, here, first)
        block = above + 1 if above is not None else first
        if any(_word(text) in LEAVING_EARLY for text in lines.texts[block - 1 : here - 1] if _indent(text) >= deep):
            return False
        if above is None or _indent(lines.texts[above - 1]) <= outer or lines.texts[above - 1].lstrip()[:1] in ")]":
            return deep > outer
        if _word(lines.texts[above - 1]) not in ("for", "while", "with", "try"):
            return False
        here = above


def in_loop(frame: Frame, line: int) -> bool:
    """Tell whether a line is in a loop of the function of a frame; where it cannot be told, it is."""
    lines, ir = lines_of(frame), frame.ir
    first = ir.at[0] if ir.kind in ("function", "class") else 1
    if not first <= line <= len(lines.texts) or line - first > MAX_STRAIGHT_LINES:
        return ir.kind != "module" or line > len(lines.texts) or _indent(lines.texts[line - 1]) > 0
    here: int | None = line
    while here is not None and (here > first or ir.kind == "module"):
        if _word(lines.texts[here - 1]) in ("for", "while"):
            return True
        here = _above(lines, here, first)
    return False


def sets_what_is_missing(frame: Frame, line: int, name: str) -> bool:
    """Tell whether a line runs only where a name has no value yet: `if TOKEN is None:` and `if not TOKEN:`."""
    lines = lines_of(frame)
    above = _above(lines, line, frame.ir.at[0]) if line <= len(lines.texts) else None
    return above is not None and lines.texts[above - 1].strip() in (f"if {name} is None:", f"if not {name}:")


def endless_loop(lines: Lines, first: int, last: int) -> int | None:
    """Return the line of the `while` around a line in the same function, None if there is none or something leaves it."""
    here: int | None = last
    while here is not None:
        here = _above(lines, here, first)
        word = _word(lines.texts[here - 1]) if here is not None else "def"
        if word in INNER:
            return None
        if here is not None and word == "while":
            return None if leaves_loop(lines, last) else here
    return None


def leaves_loop(lines: Lines, last: int) -> bool:
    """Tell whether something leaves the innermost loop around a line: a retry that ends with the first success."""
    here: int | None = last
    while here is not None and _word(lines.texts[here - 1]) not in ("for", "while"):
        here = _above(lines, here, 1)
    if here is None:
        return False
    indent = _indent(lines.texts[here - 1])
    for text in lines.texts[here:]:
        if text.strip() and _indent(text) <= indent:
            break
        if _word(text) in ("break", "return"):
            return True
    return False


def _above(lines: Lines, here: int, first: int) -> int | None:
    """Return the head of the block that holds a line."""
    deep = _indent(lines.texts[here - 1])
    return next(
        (n for n in range(here - 1, first - 2, -1) if n > 0 and lines.texts[n - 1].strip() and _indent(lines.texts[n - 1]) < deep), None
    )


def _opened_by(lines: Lines, head: int, last: int) -> bool:
    """Tell whether a line is in the block below a head, which may have several lines, and nothing leaves the block before it."""
    body = head + 1
    outer = _indent(lines.texts[head - 1])
    while body <= last and not lines.texts[body - 2].partition("#")[0].rstrip().endswith(":"):
        body += 1
    while body <= last and not lines.texts[body - 1].strip():
        body += 1
    if body > last or _indent(lines.texts[body - 1]) <= outer:
        return False
    return follows(lines, body, last)


def _climbed(lines: Lines, indent: int, first: int, last: int) -> int | None:
    """Return the line of the block with this indentation that holds a line, through `with` only; None where another head is between."""
    here = last
    while (deep := _indent(lines.texts[here - 1])) > indent:
        above = next((n for n in range(here - 1, first - 1, -1) if lines.texts[n - 1].strip() and _indent(lines.texts[n - 1]) < deep), None)
        if above is None or _word(lines.texts[above - 1]) != "with":
            return None
        here = above
    return here if _indent(lines.texts[here - 1]) == indent else None


def _stays(lines: Lines, first: int, last: int) -> bool:
    indent = _indent(lines.texts[first - 1])
    skipped: int | None = None
    for text in lines.texts[first - 1 : last - 1]:
        if not text.strip():
            continue
        deep = _indent(text)
        if deep < indent:
            return False
        if skipped is not None:
            if deep > skipped:
                continue
            skipped = None
        word = _word(text)
        if word in INNER:
            skipped = deep
        elif word in LEAVING:
            return False
    return True


def _is_plain(lines: Lines, line: int) -> bool:
    """Tell whether a line has no part that runs under a condition: `x if y else z`, `y and x`, `lambda: x`."""
    if line not in lines.plain:
        lines.plain[line] = _has_no_condition(lines, line)
    return lines.plain[line]


def _has_no_condition(lines: Lines, line: int) -> bool:
    words = lines.texts[line - 1].replace("(", " ").replace(")", " ").split()
    if CONDITIONAL.intersection(words[1:]) or words[:1] in (["and"], ["or"], ["else"]):
        return False
    following = next((lines.texts[n] for n in range(line, len(lines.texts)) if lines.texts[n].strip()), "")
    return _word(following) not in ("if", "and", "or", "else") or following.rstrip().endswith(":")


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _word(text: str) -> str:
    words = text.split(None, 2)
    if len(words) > 1 and words[0] == "async":
        words = words[1:]
    return words[0].rstrip(":(") if words else ""


def first_line(term: AnyTerm, frame: Frame, depth: int = 0) -> int | None:
    """Return the first line on which a local dictionary or another local value is made, None for a value from elsewhere."""
    if depth > MAX_TERM_DEPTH:
        return None
    if isinstance(term, Use):
        return first_line(frame.ir.defs[term.index].term, frame, depth + 1)
    if isinstance(term, (SetItem, Update, DelItem, Refine)):
        return first_line(term.base, frame, depth + 1)
    if isinstance(term, Choice):
        lines = [first_line(option, frame, depth + 1) for option in term.options]
        known = [line for line in lines if line is not None]
        return min(known) if known and len(known) == len(lines) else None
    if isinstance(term, Param):
        return None
    at: At = term.at
    return at[0]


def iterated(term: AnyTerm, frame: Frame) -> Iterate | None:
    """Return the loop variable that a term is, None where it is something else."""
    found = terms.without_tests(term, frame)
    return found if isinstance(found, Iterate) else None
