"""What a report rests on: two texts of one digest say the same to a run, and harmless edits keep the digest."""

from __future__ import annotations

import ast
import random

import pytest

from cardlint.cache.dependencies import code_digest
from cardlint.lowering.reader import read
from tests.lowering.sources import Generator

LONG = '"""'
SAME = {
    "a comment behind code": (b"x = 1\ny = 2\n", b"x = 1  # one\ny = 2\n", False),
    "a comment alone on its line": (b"x = 1\n# a\ny = 2\n", b"x = 1\n  # b\ny = 2\n", False),
    "a hash in a string beside a comment": (b"x = '#'  # a\n", b"x = '#'\n", False),
    "a comment at the end": (b"x = 1\n", b"x = 1\n# two\n\n# three", True),
    "blank lines at the end": (b"x = 1", b"x = 1\n\n   \n", True),
    "a comment that was at the end": (b"x = 1\n# a\n", b"x = 1\n# b\n", True),
    "other line ends": (b"x = 1  # a\r\ny = 2\r\n", b"x = 1\ny = 2\n", False),
    "letters of another alphabet": ("x = 'é'  # ö\n".encode(), "x = 'é'  # ü\n".encode(), False),
}
OTHER = {
    "a comment above the end, shown": (b"x = 1  # a\ny = 2\n", b"x = 1  # b\ny = 2\n", True),
    "a comment that is a string": (b'x = """\n# a"""\n', b'x = """\n# b"""\n', True),
    "a comment that is a string, hidden": (b'x = """\n# a"""\n', b'x = """\n# b"""\n', False),
    "an encoding nobody knows": (b"x = 1\n", b"# coding: nobody\nx = 1\n", False),
    "an encoding in place of a comment": (b"# nothing\nx = 1\n", b"# coding: nobody\nx = 1\n", False),
    "a byte that is no text": (b"x = 1\n", b"x = 1\n# \xff\n", True),
    "a NUL in a comment": (b"x = 1  # a\n", b"x = 1  # \0\n", False),
    "code behind a bare carriage return": (b"x = 1  # a\ry = 2\n", b"x = 1  # a\ry = 3\n", False),
    "a character at the end that is no blank": (b"x = 1\n", b"x = 1\n\x0b\n", False),
    "a separator at the end": (b"x = 1\n", b"x = 1\x1c", True),
    "a comment behind a continued line": (b"x = 1\\\n", b"x = 1\\\n# a\n", True),
    "a definition in a comment": (b"x = 1\n", b"x = 1  # def g\n", False),
    "a definition in a comment at the end": (b"x = 1\n", b"x = 1\n# def g\n", True),
    "a hash in a formatted string": (b"x = f'{y} #a'\n", b"x = f'{y} #b'\n", False),
    "a hash behind nested quotes": (b"x = f'{y['#']}a'\n", b"x = f'{y['#']}b'\n", False),
    "a hash in a formatted string of two lines": (b"x = f'{\ny}#a'\n", b"x = f'{\ny}#b'\n", False),
    "a hash in a long raw formatted string": (
        b'x = fr"""{\nd["""#a"""]}"""\n',
        b'x = fr"""{\nd["""#b"""]}"""\n',
        False,
    ),
    "a line more": (b"x = 1\n# a\ny = 2\n", b"x = 1\n# a\n\ny = 2\n", False),
}


@pytest.mark.parametrize("name", SAME)
def test_what_says_nothing_new_keeps_the_digest(name: str) -> None:
    before, after, shown = SAME[name]
    assert code_digest(before, shown) == code_digest(after, shown)


@pytest.mark.parametrize("name", OTHER)
def test_what_may_say_something_changes_the_digest(name: str) -> None:
    before, after, shown = OTHER[name]
    assert code_digest(before, shown) != code_digest(after, shown)


@pytest.mark.parametrize("seed", range(4))
def test_texts_of_one_digest_are_one_program(seed: int) -> None:
    """Random edits of sources that are hard to read: where the digest stays, so does the tree with all its places."""
    chance = random.Random(seed)
    generator = Generator(seed)
    kept = 0
    for _ in range(60):
        source = generator.source()
        tree = read("a.py", source, whole=True)
        if tree.error:
            continue
        for _ in range(12):
            at = chance.randrange(len(source) + 1)
            edited = (
                source[:at]
                + chance.choice([b"#", b"# a", b"'", b"\\", b" ", b"\n", b"\r", b"#\n", b"x", b'"', b"\x0b", b"#'\n"])
                + source[at:]
            )
            for shown in (False, True):
                if code_digest(source, shown) == code_digest(edited, shown):
                    kept += 1
                    assert ast.dump(ast.parse(tree.text), include_attributes=True) == ast.dump(
                        ast.parse(read("a.py", edited, whole=True).text), include_attributes=True
                    )
    assert kept > 10
