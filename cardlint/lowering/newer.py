"""Grammar newer than the running interpreter, rewritten to older grammar line for line.

Applications move to new syntax before their linters do. libcst reads it, and since every rewrite keeps each line
where it was, findings still point at the right place.
"""

from __future__ import annotations

from cardlint.common.textscan import EXCEPT_SEVERAL


def rewrite(text: str) -> tuple[str, str] | None:
    """Return the text in older grammar and the Python version that introduced what was rewritten, or None.

    The version is the newest one whose syntax occurs. None means that libcst cannot read the text.
    """
    text, parenthesised = _parenthesise_except(text)
    import libcst

    try:
        module = libcst.parse_module(text)
    except Exception:  # noqa: BLE001 - libcst raises its own errors and, for hostile input, others from its native parser
        return None
    from cardlint.lowering.newer_cst import Older

    older = Older()
    try:
        result = module.visit(older)
    except RecursionError:
        return None
    code = result.code
    if code.count("\n") != text.count("\n"):
        return None
    version = "3.14" if parenthesised else older.version
    return (code, version) if version else None


def _parenthesise_except(text: str) -> tuple[str, bool]:
    """Put the types of `except A, B:` in parentheses, which Python 3.14 makes optional."""
    result, count = EXCEPT_SEVERAL.regex.subn(r"\1(\2):", text)
    return result, bool(count)
