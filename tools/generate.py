"""Write the generated pages: `python -m tools.generate`. `tests/test_generated.py` fails when one of them is not current.

Rules and commands describe themselves in the code, and commands in pages are run. Pages are made from them, so that no text about
them exists twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from cardlint.config.schema import WORDS
from cardlint.rules import all_rules
from cardlint.rules.base import Rule
from cardlint.rules.pages import page
from tools import manual
from tools.console import ROOT, Ran, Shell, play

PLAYED = ("README.md", "docs/index.md", "docs/tutorial.md")
"""Pages with commands that are run."""
GROUPS = {
    "CL0": ("Files", "A file that cannot be analysed."),
    "CL1": ("Cardinality", "Labels and names that make too many time series."),
    "CL2": ("Types and buckets", "Metrics whose type or buckets cost more, or tell less, than they should."),
    "CL3": ("Calls", "Calls of `prometheus_client` that raise, count wrongly or measure nothing."),
    "CL4": ("Multiprocess mode", "Mistakes that only show when several processes serve one set of metrics."),
    "CL5": ("Tests", "Habits in tests."),
    "CL9": ("Suppressions", "Comments for cardlint."),
}
"""Prefixes of codes, with what the rules of each are about."""


def rule_index(rules: tuple[Rule, ...]) -> str:
    """Return `docs/rules/index.md`, the table of all rules by group."""
    lines = ["# Rules", ""]
    lines.append(
        "Rules marked `default` run unless you leave them out. Rules marked `pedantic` run with `--pedantic`, or when you select them."
    )
    lines.append("`cardlint explain NAME` prints the same pages in a terminal.")
    for prefix, (title, about) in GROUPS.items():
        lines += ["", f"## {title} ({prefix})", "", about, "", "| code | name | runs | severity | reports |", "|---|---|---|---|---|"]
        for rule in rules:
            if rule.code.startswith(prefix):
                runs = "default" if rule.default else "pedantic"
                lines.append(f"| {rule.code} | [`{rule.name}`]({rule.name}.md) | {runs} | {rule.severity.name.lower()} | {rule.title} |")
    return "\n".join(lines) + "\n"


def made() -> Iterator[tuple[str, str]]:
    """Yield the pages that are wholly made, by path."""
    rules = all_rules()
    yield "docs/rules/index.md", rule_index(rules)
    for rule in rules:
        yield f"docs/rules/{rule.name}.md", page(rule)
    yield "docs/commands.md", manual.reference()
    yield "docs/configuration.md", keys((ROOT / "docs" / "configuration.md").read_text())
    yield "man/cardlint.1", manual.manual()


def keys(text: str) -> str:
    """Return `docs/configuration.md` with the table of keys from the schema, which editors show, too."""
    rows = ["| key | meaning |", "|---|---|", *(f"| `{key}` | {WORDS[key]} |" for key in sorted(WORDS))]
    before, _, rest = text.partition("<!-- keys -->\n")
    _, _, after = rest.partition("<!-- end -->\n")
    return before + "<!-- keys -->\n\n" + "\n".join(rows) + "\n\n<!-- end -->\n" + after


def played(name: str) -> tuple[list[Ran], str]:
    """Run the commands of one page in a folder of its own; return them, and the page with their real output."""
    with tempfile.TemporaryDirectory() as folder:
        return play((ROOT / name).read_text(), Shell(Path(folder)))


def main() -> None:
    """Write what is not current, and remove pages of rules that are gone."""
    pages = dict(made())
    for name in PLAYED:
        ran, pages[name] = played(name)
        for one in ran:
            if one.code != one.expected:
                print(f"{name}: `{one.command}` ended with {one.code}, and the page says {one.expected}")
    for path in (ROOT / "docs" / "rules").glob("*.md"):
        if path.relative_to(ROOT).as_posix() not in pages:
            path.unlink()
            print(f"removed {path.relative_to(ROOT)}")
    for name, text in pages.items():
        path = ROOT / name
        if not path.exists() or path.read_text() != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            print(f"wrote {name}")


if __name__ == "__main__":
    main()
