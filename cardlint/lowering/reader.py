"""The entry of the lowering: bytes of one file to ModuleIR. It never raises for bad input; the module holds the error."""

from __future__ import annotations

import ast

from cardlint.ir.model import ModuleIR, unreadable
from cardlint.lowering.module_lowering import TOO_LATE, FileLowering, Late


def read(path: str, source: bytes, whole: bool = False, kept: memoryview | None = None) -> ModuleIR:
    """Lower one file to its module. Syntax errors, bad encodings and NUL bytes become an `error` with its place.

    Only the outline is parsed at first, so an error inside of a function may go unnoticed; `whole` parses all. `kept` are
    the same bytes as the run keeps them: the module refers to those.
    """
    from cardlint.lowering.source import Unreadable

    try:
        return _read(path, source, whole, kept)
    except Unreadable as problem:
        return unreadable(path, problem.message, problem.at)
    except Late:
        return unreadable(path, TOO_LATE)
    except Exception as problem:  # noqa: BLE001 - any fault costs this file and not the run
        from cardlint.common.faults import spoken

        fault = spoken(problem)
        facts = unreadable(path, fault[0])
        facts.fault = fault
        return facts


def _read(path: str, source: bytes, whole: bool, kept: memoryview | None) -> ModuleIR:
    from cardlint.lowering.outline import bodies, skeleton
    from cardlint.lowering.source import decode, parse, parse_simply, spare

    text = spare(decode(source))
    found = bodies(text) if not whole else []
    tree = parse_simply(skeleton(text, found)) if found else None
    if tree is not None:
        facts = _lowered(FileLowering(path, text, found, kept or source), tree)
        if facts is not None:
            return facts
    tree, rewritten = parse(text)
    facts = _lowered(FileLowering(path, text, [], kept or source), tree, rewritten)
    return facts if facts is not None else unreadable(path, "an expression is nested too deeply to be analysed")


def check(source: bytes) -> bool:
    """Tell whether a whole file parses as it is, which the lowering of its outline does not decide."""
    from cardlint.lowering.source import Unreadable, decode, parses, spare

    try:
        return parses(spare(decode(source)))
    except Unreadable:
        return False
    except Exception:  # noqa: BLE001 - reading it as a whole gives the message
        return False


def _lowered(lowering: FileLowering, tree: ast.Module, rewritten: str = "") -> ModuleIR | None:
    """Lower a tree; None where it is nested too deeply, or does not fit its outline."""
    from cardlint.lowering.source import deeply

    try:
        with deeply():
            facts = lowering.run(tree)
    except RecursionError:
        return None
    facts.rewritten = rewritten
    return None if lowering.left else facts
