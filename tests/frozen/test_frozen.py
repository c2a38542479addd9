"""Verdicts that a change of structure must not change: every label argument and finding of the programs in the tree.

`python -m tests.frozen.test_frozen` writes the snapshot anew. A commit that changes it says for each line why the new one is
right.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cardlint.config import Config
from cardlint.rules import all_rules
from cardlint.rules.pages import CLOSE, OPEN
from tests.conftest import ROOT, split_files
from tests.inference import markdown
from tests.inference.expectations import analyse

SNAPSHOT = Path(__file__).with_name("verdicts.txt")


def programs() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield every program of the tree with its name: fixtures, examples of rules, programs of the inference tests."""
    for folder in sorted(p for p in (ROOT / "fixtures").iterdir() if p.is_dir()):
        yield f"fixture {folder.name}", {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*.py"))}
    for rule in all_rules():
        for kind in ("bad", "good"):
            for number, example in enumerate(getattr(rule, kind)):
                yield f"rule {rule.name} {kind} {number}", split_files(example.code.replace(OPEN, "").replace(CLOSE, ""))
    yield from markdown.programs()


def verdicts(files: dict[str, str]) -> list[str]:
    """Analyse one program and return one line for each finding and each label argument."""
    result = analyse(files, Config(pedantic=True))
    out = [
        f"  {f.place.path}:{f.place.line}:{f.place.column} {f.rule}[{f.label}] {f.severity}/{f.confidence}" for f in result.report.findings
    ]
    for site in result.program.sites:
        for arg in site.args:
            info = arg.value.info()
            what = "{" + ", ".join(info.values) + "}" if info.values else f"{info.cls}({info.size}) {info.kind}"
            out.append(f"  {arg.place.path}:{arg.place.line}:{arg.place.column} [{arg.label}] {what}".rstrip())
    return sorted(out)


def snapshot() -> str:
    """Return the verdicts of all programs as the text that is kept."""
    lines: list[str] = []
    for name, files in programs():
        lines.append(name)
        lines.extend(verdicts(files))
    return "\n".join(lines) + "\n"


def test_no_verdict_has_changed() -> None:
    assert snapshot() == SNAPSHOT.read_text()


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot())
