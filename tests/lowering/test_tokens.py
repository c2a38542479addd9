"""Tokens with long runs of blanks: the same as `tokenize` gives, and in time."""

from __future__ import annotations

import io
import time
import tokenize

import pytest

from cardlint.common.textscan import BLANKS_KEPT
from cardlint.lowering.tokens import read_comments, tokens

RUN = " " * (BLANKS_KEPT + 30)
TEXTS = {
    "none": "x = 1  # a\n",
    "before a comment": f"x = 1{RUN}# a\n",
    "in a comment": f"x = 1  # a{RUN}b\n",
    "several": f"x{RUN}={RUN}1{RUN}# a{RUN}# b{RUN}\n",
    "in front": f"if x:\n{RUN}y = 1  # a\n{RUN}z = (\n{RUN}1,{RUN}# b\n)\n",
    "further in": f"if x:\n{RUN}if y:\n{RUN}{RUN}z  # a\n{RUN}w  # b\nv  # c\n",
    "tabs": "if x:\n" + "\t" * 60 + "if y:\n" + "\t" * 150 + "z  # a\n" + "\t" * 60 + "w\nv  # b\n",
    "in a string": f"x = '# no{RUN}'  # a\ny = '''\n{RUN}# no\n'''{RUN}# b\n",
    "other line ends": f"x{RUN}# a\r\ny{RUN}# b\rz  # c\n",
    "just as many as are kept": f"x = 1{' ' * BLANKS_KEPT}# a\ny = 2{' ' * (BLANKS_KEPT + 1)}# b\n",
    "wide characters": f"é = 'ä'{RUN}# ö{RUN}\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_they_are_those_of_the_text(name: str) -> None:
    text = TEXTS[name]

    def said(found: list[tokenize.TokenInfo]) -> list[tuple[object, ...]]:
        comments = [(t.type, t.string, t.start, t.end) for t in found if t.type == tokenize.COMMENT]
        others = [(t.type, t.start, t.end) for t in found if t.type in (tokenize.NAME, tokenize.STRING, tokenize.NEWLINE)]
        return [*comments, *others]

    assert said(list(tokens(text))) == said(list(tokenize.generate_tokens(io.StringIO(text, newline=None).readline)))


@pytest.mark.parametrize("count", [20_000, 400_000])
@pytest.mark.parametrize("blank", [" ", "\t", "\f", " \t"])
def test_blanks_before_what_is_no_token_take_no_time(blank: str, count: int) -> None:
    text = "x = 1  # cardlint: ignore[summary] -- known\nx" + blank * count + "$\ny  # cardlint: ignore[summary] -- known\n"
    started = time.process_time()
    assert read_comments(text)
    assert time.process_time() - started < 2
