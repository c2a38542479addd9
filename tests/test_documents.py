"""What the documents promise is what the tree does."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from cardlint.config import KEYS
from cardlint.output import FORMATS
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


def test_the_page_of_the_configuration_shows_every_key_with_a_value() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    example = tomllib.loads(page.split("```toml\n")[1].split("```")[0])["tool"]["cardlint"]
    assert set(example) == {*KEYS, "buckets"}
    assert "`buckets.min`" in page


def test_the_guide_says_what_every_format_is_for() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", (ROOT / "docs" / "usage.md").read_text(), re.M)
    assert tuple(name for name, _ in rows) == FORMATS


def test_readme_gives_the_two_commands_that_ci_runs() -> None:
    assert "\npip install . && cardlint fixtures/\n" in README
    assert "\npip install -e '.[dev]' && pytest\n" in README


def test_readme_shows_the_product_on_one_screen() -> None:
    """What is rendered up to the end of the first report: comments are not."""
    shown = re.sub(r"<!--.*?-->\n", "", README, flags=re.S)
    top = shown[: shown.index("## Install")]
    assert "error[raw-path]" in top
    assert "= cost:" in top
    assert len(top.splitlines()) <= 45
    assert len(shown.splitlines()) <= 140


PAGES = ("CONTRIBUTING.md", "docs/adding-support.md", "docs/architecture.md", "docs/glossary.md", "docs/mechanisms.md", "docs/rejected.md")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w.-]+(?:/[\w.*-]+)+/?|[\w-]+\.(?:py|md|toml)")
CHOSEN = re.compile(r"[A-Z]{4,}(?=\.py)")
"""A name that the reader chooses: `cardlint/rules/NAME.py`."""
LINK = re.compile(r"\]\(([^)#]+)\)")
TOOLS = {"ruff", "mypy", "lint-imports", "vulture", "pip", "git"}


def sections(page: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of a page outside of code blocks as ``text`` and those of its shell blocks as ``sh``."""
    block = ""
    for line in (ROOT / page).read_text().splitlines():
        if line.startswith("```"):
            block = "" if block else line.strip("`") or "text"
        elif not block:
            yield "prose", line
        else:
            yield block, line


def paths(page: str) -> list[str]:
    """List the paths that a page names: as code, as a link, or in a command."""
    found = []
    for kind, line in sections(page):
        if kind == "prose":
            found += [code for code in CODE.findall(line) if PATH.fullmatch(code) and not CHOSEN.search(code)]
            found += [str((ROOT / page).parent.relative_to(ROOT) / link) for link in LINK.findall(line) if "://" not in link]
        elif kind == "sh":
            found += [word for word in line.split() if "/" in word and PATH.fullmatch(word)]
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_path_of_the_developer_pages_exists(page: str) -> None:
    named = paths(page)
    assert named
    missing = [path for path in named if not (list(ROOT.glob(path)) if "*" in path else (ROOT / path).exists())]
    assert missing == []


@pytest.mark.parametrize("page", ["docs/glossary.md"])
def test_every_term_of_the_glossary_is_where_it_says(page: str) -> None:
    rows = [line.split("|") for kind, line in sections(page) if kind == "prose" and line.startswith("| ") and "`" in line]
    assert len(rows) > 60
    terms = [row[1].strip() for row in rows]
    assert len(set(terms)) == len(terms)
    for row in rows:
        path, name = CODE.findall(row[3])
        assert re.search(rf"(?<!\w){re.escape(name)}(?!\w)", (ROOT / path).read_text()), row


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_developer_pages_exists(page: str) -> None:
    from cardlint.cli.app import COMMANDS

    for kind, line in sections(page):
        if kind != "sh":
            continue
        program, *words = line.split()
        if program == "cardlint":
            assert words[0] in COMMANDS or (ROOT / words[0]).exists(), line
        elif program == "python":
            assert words[0] == "-m", line
            assert words[1] == "venv" or find_spec(words[1]) is not None, line
        elif program == "pytest":
            options = {"-n", "auto", "-k"}
            assert all((ROOT / word).exists() for word in words if word not in options and "/" in word), line
        else:
            assert program in TOOLS, line


def test_every_walk_through_of_a_change_is_there() -> None:
    headings = [line for kind, line in sections("docs/adding-support.md") if kind == "prose" and line.startswith("## ")]
    for subject in (
        "source row",
        "sanitiser",
        "narrowing test",
        "library model",
        "framework",
        "metrics client",
        "sink",
        "message",
        "rule",
        "output format",
        "configuration",
    ):
        assert [h for h in headings if subject in h] != [], subject


def test_every_module_of_a_mechanism_names_its_evidence() -> None:
    text = (ROOT / "docs" / "mechanisms.md").read_text()
    for package in ("callgraph", "frameworks", "heuristics", "language", "models"):
        for path in sorted((ROOT / "cardlint" / "inference" / package).glob("[!_]*.py")):
            assert f"| `{path.relative_to(ROOT)}` |" in text, "two real shapes or one incident, and where they are"


METAPHORS = re.compile(
    r"\b(?:house|lane|rim|nobody|somebody|whoever|glances?|born|birth|stage \d|ways?|side by side|room|stands|beside|chain of thought|"
    r"(?<!people )who)\b",
    re.I,
)
"""Words that the prose of the code and its sentences do without: the field has a noun for each of them."""
WORDS = ROOT / "cardlint" / "knowledge" / "vocabulary.py"
"""Its texts are words of the analysed programs."""


def texts(source: str, constants: bool = True) -> Iterator[tuple[int, str]]:
    """Yield the docstrings, comments and other texts of a module with their lines, but not the programs that are examples."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    programs = {id(inner) for call in calls if call.func.id == "Example" for inner in ast.walk(call)}
    documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        shown = id(node) not in programs and (constants or id(node) in documented)
        if shown and isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def test_docstrings_comments_and_texts_use_the_nouns_of_the_field() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {word[0]}"
        for path in sorted((ROOT / "cardlint").rglob("*.py"))
        for line, text in texts(path.read_text(encoding="utf-8"), path != WORDS)
        for word in METAPHORS.finditer(text)
    ]
    assert found == []
