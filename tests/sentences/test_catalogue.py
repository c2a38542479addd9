"""The catalogue: every sentence of findings, reasons and commands as text, for a reviewer who reads them one after the other.

`python -m tests.sentences.test_catalogue` writes the two files anew. `rules.txt` shows the sentences of the rules with an example
in each gap, and the findings of the rules' own examples; `others.txt` lists the texts of every other file with the code of their gaps.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardlint.config import Config
from cardlint.rules import all_rules
from cardlint.rules.pages import CLOSE, OPEN
from cardlint.rules.sentences import Sentence, usage, values
from tests.conftest import ROOT, split_files
from tests.inference.expectations import analyse

RULES = Path(__file__).with_name("rules.txt")
OTHERS = Path(__file__).with_name("others.txt")
SOURCE = ROOT / "cardlint"
RULED = "rules"
"""The package whose sentences are in the first list; every other file of cardlint is in the second one."""
NOT_SAID = frozenset({"common/textscan.py", "files/name_forms.py"})
"""Tables of regular expressions, whose texts say to readers of the code what each one finds."""
TRANSLATED = (
    r"\bborn here\b", r"\bby its name\b", r"\bnobody\b", r"\bfor ever\b", r"\bis no \w+", r"\bthat is not known\b", r"\btoo wide\b", r"\bin sight\b",
    r"\bstands\b",
)  # fmt: skip
"""Phrases that a native reader stumbles over."""
SMALL = re.compile(
    r"(^| )(a|an|the|of|is|are|was|to|in|not|and|with|by|or|for|from|it|no|that|at|on|as|be|than|per|which|here|has|have|may) "
)
"""A word that sentences have and lists of names have not."""


def sentences() -> Iterator[tuple[str, Sentence]]:
    """Yield every sentence of the rules with its name."""
    for module in (values, usage):
        for name, value in vars(module).items():
            if isinstance(value, Sentence):
                yield name, value
            elif isinstance(value, dict) and not name.startswith("_"):
                yield from ((f"{name}[{key}]", one) for key, one in value.items() if isinstance(one, Sentence))


def of_rules() -> str:
    """Return the sentences of the rules, and what each rule says about its own bad examples."""
    lines = [f"{name}: {sentence.shown()}" for name, sentence in sentences()]
    for rule in all_rules():
        lines += ["", f"{rule.name} ({rule.code})"]
        for example in rule.bad:
            lines.append(f"  {example.title or 'an example'}")
            files = split_files(example.code.replace(OPEN, "").replace(CLOSE, ""))
            for finding in analyse(files, Config(pedantic=True)).report.findings:
                if finding.rule == rule.name:
                    parts = (("", finding.message), ("why: ", finding.why), ("cost: ", finding.cost), ("help: ", finding.help))
                    lines += [f"    {name}{text}" for name, text in parts if text]
                    lines += [f"    related: {step.message}" for step in finding.related]
                    lines += [f"    step: {step.message}" for step in finding.trace]
    return "\n".join(lines) + "\n"


def _of_any_python(text: str) -> str:
    """Leave out what the running Python says of itself: its version, and its words for a syntax error."""
    return "\n".join(line.partition(" finds a syntax error: ")[0].partition("Python 3.")[0] for line in text.splitlines())


def of_others() -> str:
    """Return the texts of all other files, by their files."""
    lines: list[str] = []
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE)
        if name.parts[0] == RULED or name.as_posix() in NOT_SAID:
            continue
        texts = list(dict.fromkeys(texts_of(ast.parse(path.read_text()))))
        if texts:
            lines += ["", path.relative_to(ROOT).as_posix(), *(f"  {text}" for text in texts)]
    return "\n".join(lines).lstrip("\n") + "\n"


def texts_of(tree: ast.AST) -> Iterator[str]:
    """Yield the literals that read as a text: several words, and no docstring or pattern."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            inside.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            inside.update(id(part) for part in node.values)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Expression", "re"):
            inside.update(id(part) for part in ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in inside:
            text = shown(node)
            if len(re.findall(r"[A-Za-z`}']{2,}(?=[ ,.:;]|$)", text)) > 1 and SMALL.search(text):
                yield text.replace("\n", "\\n")


def shown(node: ast.Constant | ast.JoinedStr) -> str:
    """Return a literal as a text, with its gaps in braces."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(
        str(p.value) if isinstance(p, ast.Constant) else "{" + ast.unparse(p.value) + "}" for p in node.values if hasattr(p, "value")
    )


@pytest.mark.parametrize(("name", "sentence"), [pytest.param(*one, id=one[0]) for one in sentences()])
def test_a_sentence_fills_all_its_gaps(name: str, sentence: Sentence) -> None:
    text = sentence.shown()
    gaps = set(re.findall(r"(?<!\{)\{(\w+)\}", sentence.text))
    assert gaps == set(sentence.example), f"{name}: an example for each gap"
    assert text == text.strip() or name in ("BY_DEFAULT", "FOR_EVERY", "OF_METRIC")
    assert not text.endswith(".") or text.endswith("..."), f"{name}: outputs add the stop"
    assert not any(re.search(phrase, text) for phrase in TRANSLATED), f"{name}: {text}"


def test_every_sentence_is_said_by_a_rule() -> None:
    code = "".join(path.read_text() for path in (SOURCE / "rules").glob("*.py"))
    unused = [name for name, _ in sentences() if not re.search(rf"\.{re.escape(name.partition('[')[0])}\b", code)]
    assert not unused


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((SOURCE / "rules").glob("*.py")) if path.name not in ("__init__.py", "pages.py")],
    ids=lambda path: path.name,
)
def test_a_rule_writes_no_sentence_itself(path: Path) -> None:
    functions = [node for node in ast.parse(path.read_text()).body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    written = [text for node in functions for text in texts_of(node)]
    assert not written, "write it in cardlint/rules/sentences"


def test_the_sentences_of_the_rules_are_those_that_were_read() -> None:
    assert _of_any_python(of_rules()) == _of_any_python(RULES.read_text()), (
        "run `python -m tests.sentences.test_catalogue`, and read the difference"
    )


@pytest.mark.parametrize(
    "folder", sorted(p.name for p in SOURCE.iterdir() if (p / "__init__.py").is_file() and p.name not in (RULED, "ir"))
)
def test_no_package_is_left_out(folder: str) -> None:
    """A package that says nothing is named here, so that a new one is thought of."""
    listed = {line.split("/")[1] for line in OTHERS.read_text().splitlines() if line.startswith("cardlint/")}
    assert (folder in listed) is (folder != "parallel")


def test_the_other_sentences_are_those_that_were_read() -> None:
    assert of_others() == OTHERS.read_text(), "run `python -m tests.sentences.test_catalogue`, and read the difference"


if __name__ == "__main__":
    RULES.write_text(of_rules())
    OTHERS.write_text(of_others())
