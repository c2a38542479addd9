"""What holds for every fix and every added ignore, tried on the bad examples of all rules and on noisy variants of them."""

from __future__ import annotations

import ast
import io
import tokenize
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.engine import Run, run
from cardlint.fix.ignores import with_ignores
from cardlint.fix.session import Session
from cardlint.fix.source import FileSources
from cardlint.rules.base import Example, Rule
from tests.rules.test_examples import BAD, _config, _spans

IDS = [f"{rule.name}-{number}" for number, (rule, _) in enumerate(BAD)]


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def commented(text: str) -> str:
    """Put a comment at the end of every line that is no part of a string or of a continuation."""
    lines = text.split("\n")
    try:
        ends = {
            token.start[0]
            for token in tokenize.generate_tokens(io.StringIO(text).readline)
            if token.type in (tokenize.NEWLINE, tokenize.NL)
        }
    except (tokenize.TokenError, SyntaxError):
        return text
    return "\n".join(f"{line}  # line {n}" if n in ends and line.strip() and "#" not in line else line for n, line in enumerate(lines, 1))


VARIANTS = {
    "as written": str,
    "line ends of Windows": crlf,
    "comments everywhere": commented,
    "byte order mark": lambda text: "\ufeff" + text,
}


def comments(text: str) -> Counter[str]:
    """Count the comments of a text, those for cardlint aside: a fix may remove them."""
    found = (token.string for token in tokenize.generate_tokens(io.StringIO(text).readline) if token.type == tokenize.COMMENT)
    return Counter(comment for comment in found if "cardlint:" not in comment)


def write(files: Mapping[str, str], variant: str, folder: Path) -> dict[str, str]:
    texts = {name: VARIANTS[variant](text) for name, text in files.items()}
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())
    return texts


def kinds(done: Run) -> Counter[tuple[str, str, str, str]]:
    return Counter((f.rule, f.metric.name if f.metric else "", f.label or "", f.place.path) for f in done.report.findings)


def everything(rule: Rule, example: Example) -> Config:
    """Return the configuration of an example with all the rules that run by default."""
    from msgspec.structs import replace

    return replace(_config(rule, example), select=(), extend_select=(rule.name,))


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("rule", "example"), BAD, ids=IDS)
def test_fixes(rule: Rule, example: Example, variant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The result parses, what is fixed is gone, nothing has come, comments are all there, and a second run has nothing to do."""
    monkeypatch.chdir(tmp_path)
    before = write(_spans(example.code)[0], variant, tmp_path)
    config = everything(rule, example)
    first = run(["."], config)
    session = Session(first, lambda texts: run(["."], config, instead=texts), unsafe=True)
    session.fix(lambda report: report)
    for path, text in session.texts.items():
        ast.parse(text)
        assert session.before(path).encode(text).startswith(b"\xef\xbb\xbf") == before[path].startswith("\ufeff")
        if variant == "line ends of Windows":
            assert text.replace("\r\n", "").count("\n") == text.replace("\r\n", "").count("\r") == 0
        assert comments(text) == comments(before[path].removeprefix("\ufeff"))
    after = kinds(session.run)
    assert after <= kinds(first)
    assert bool(session.texts) == (after != kinds(first))
    for path, text in session.texts.items():
        Path(path).write_bytes(session.before(path).encode(text))
    again = Session(run(["."], config), lambda texts: run(["."], config, instead=texts), unsafe=True)
    again.fix(lambda report: report)
    assert again.texts == {}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize(("rule", "example"), BAD, ids=IDS)
def test_ignores(rule: Rule, example: Example, variant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every finding is silenced, and nothing but comments has changed."""
    monkeypatch.chdir(tmp_path)
    before = write(_spans(example.code)[0], variant, tmp_path)
    config = everything(rule, example)
    done = run(["."], config)
    sources = FileSources(done.project.data)
    wanted = [f for f in done.report.findings if not f.code.startswith("CL9") and f.code != "CL000"]
    for path in {f.place.path for f in wanted}:
        text = with_ignores(sources(path), [f for f in wanted if f.place.path == path], "known")
        Path(path).write_bytes(sources(path).encode(text))
        assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(before[path].removeprefix("\ufeff")))
        assert comments(text.removeprefix("\ufeff")) <= comments(before[path].removeprefix("\ufeff")) or variant.startswith("comments")
    left = [f for f in run(["."], config).report.findings if not f.code.startswith("CL9") and f.code != "CL000"]
    assert left == []


def test_what_changes_series_says_so() -> None:
    """An unsafe fix tells why it is one, in series; this reads the sentences of all of them."""
    texts = set()
    for rule, example in BAD:
        texts |= descriptions(rule, example)
    unsafe = {text for safety, text in texts if safety == "unsafe"}
    assert len(unsafe) > 8
    assert [text for text in unsafe if "series" not in text] == []
    assert all(text[0].islower() and not text.endswith(".") for _, text in texts)


def descriptions(rule: Rule, example: Example) -> set[tuple[str, str]]:
    import os
    import tempfile

    from cardlint.fix import plan

    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        write(_spans(example.code)[0], "as written", Path(folder))
        os.chdir(folder)
        try:
            done = run(["."], everything(rule, example))
            planned = plan(done.report.findings, done.program, FileSources(done.project.data, done.project.mentioning))
            return {(p.fix.safety, p.fix.description) for p in planned if p.fix is not None}
        finally:
            os.chdir(here)
