"""Build the documentation site: `python -m tools.site` writes build/site, `python -m tools.site serve` shows it while it is edited.

The pages are those of `docs/` and the documents of the root. They link to each other as files of the repository, so that they can be read
there, too. For the site the documents of the root move to `docs/`, and links to code lead to the repository. Any warning of the builder
is an error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from cardlint.common.site import REPOSITORY
from cardlint.rules import all_rules
from cardlint.version import __version__
from tools.console import ROOT
from tools.generate import GROUPS

MOVED = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md", "README.md": "index.md"}
"""Documents of the root, and the pages of the site that they are; the README links to the home page."""
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.M | re.S)
BLOB = f"{REPOSITORY}/blob/v{__version__}/"
PLACE = '{"Rules" = []},'


class BadPage(Exception):
    """A page that the site cannot have; the message says which and why."""


def pages() -> Iterator[tuple[str, Path]]:
    """Yield the pages of the site with the files they are made of."""
    for path in sorted((ROOT / "docs").rglob("*")):
        if path.is_file():
            yield path.relative_to(ROOT / "docs").as_posix(), path
    for name, page in MOVED.items():
        if page != "index.md":
            yield page, ROOT / name


def relinked(text: str, path: Path, page: str) -> str:
    """Return a page with links that hold on the site."""

    def link(match: re.Match[str]) -> str:
        target, hash_, anchor = match[2].partition("#")
        if "://" in target or not target:
            return match[0]
        name = os.path.relpath(path.parent / target, ROOT)
        if not (ROOT / name).exists():
            raise BadPage(f"{path.relative_to(ROOT)} links to {target}, which does not exist")
        if name in MOVED or name.startswith("docs/"):
            new = os.path.relpath(MOVED.get(name, name.removeprefix("docs/")), os.path.dirname(page) or ".")
        else:
            new = BLOB + name
        return match[1] + new + hash_ + anchor + match[3]

    parts = CODE.split(text)
    return "".join(part if number % 2 else LINK.sub(link, part) for number, part in enumerate(parts))


def settings() -> str:
    """Return the settings of the builder with the navigation of the rules."""
    text = (ROOT / "zensical.toml").read_text()
    if PLACE not in text:
        raise BadPage(f"zensical.toml has no line {PLACE}")
    lines = ['{"Rules" = [', '    "rules/index.md",']
    for prefix, (title, _) in GROUPS.items():
        named = ", ".join(f'{{"{rule.name}" = "rules/{rule.name}.md"}}' for rule in all_rules() if rule.code.startswith(prefix))
        lines.append(f'    {{"{title} ({prefix})" = [{named}]}},')
    return text.replace(PLACE, "\n".join([*lines, "  ]},"]))


def gather(build: Path) -> None:
    """Write the pages and the settings below a folder; a page that the navigation lacks is an error, and so is one that is not there."""
    docs = build / "docs"
    shutil.rmtree(docs, ignore_errors=True)
    for page, path in pages():
        target = docs / page
        target.parent.mkdir(parents=True, exist_ok=True)
        if page.endswith(".md"):
            target.write_text(relinked(path.read_text(), path, page))
        else:
            shutil.copyfile(path, target)
    text = settings()
    (build / "zensical.toml").write_text(text)
    named = set(re.findall(r'"([\w/-]+\.md)"', text))
    there = {page for page, _ in pages() if page.endswith(".md")}
    if named != there:
        raise BadPage(f"only in the navigation: {sorted(named - there)}; not in the navigation: {sorted(there - named)}")


def main(arguments: list[str]) -> int:
    """Gather the pages, and build or serve them."""
    build = ROOT / "build"
    build.mkdir(exist_ok=True)
    try:
        gather(build)
    except BadPage as problem:
        print(f"tools.site: {problem}", file=sys.stderr)
        return 1
    action = ["serve"] if arguments == ["serve"] else ["build", "--strict", "--clean"]
    return subprocess.run([sys.executable, "-m", "zensical", *action, "-f", str(build / "zensical.toml")], check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
