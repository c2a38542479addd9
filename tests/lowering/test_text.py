"""The text of a file is what Python reads of its bytes, however the run keeps it."""

from __future__ import annotations

import pytest

from cardlint.ir.model import SourceText
from cardlint.lowering.reader import read
from cardlint.lowering.source import decode

FUNCTIONS = "".join(f"def f{n}(x):\n    y = x\n    z = '{{}}'\n    return g{n}(y, z)\n\n" for n in range(12))


@pytest.mark.parametrize(
    "source",
    [
        FUNCTIONS.replace("{}", "plain").encode(),
        FUNCTIONS.replace("{}", "größe 🎉 語").encode(),
        FUNCTIONS.replace("{}", "plain").replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + FUNCTIONS.replace("{}", "é").encode(),
        b"# -*- coding: latin-1 -*-\n" + FUNCTIONS.replace("{}", "é").encode("latin-1"),
    ],
)
def test_text_and_bodies_are_those_of_the_file(source: bytes) -> None:
    facts = read("m.py", source)
    other = read("n.py", b"x = 1\n")
    expected = decode(source)
    assert facts.text == expected
    assert other.text == "x = 1\n"
    assert facts.text == expected
    calls = [facts.functions[f].defs[d].term for n in range(12) for f, d in facts.calls_named(f"g{n}")]
    assert len(calls) == 12
    lines = expected.split("\n")
    for call in calls:
        line, column, _, end = call.at
        assert lines[line - 1][column - 1 : end - 1].startswith("g")


def test_plain_text_shares_the_bytes_of_the_run() -> None:
    data = "x = '🎉'\n".encode()
    assert SourceText(decode(data), data).raw is data
    assert str(SourceText("x = '\ud800'\n")) == "x = '\ud800'\n"
