"""One version: what README, recipes, action, changelog and manual page name is the version of the package."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from cardlint.version import __version__
from tests.conftest import ROOT

PAGES = ["README.md", "action.yml", ".pre-commit-hooks.yaml", *(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))]
NAMED = re.compile(r"(?:rev: v|cardlint@v|cardlint==)(\d[\w.]*)")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def named(name: str) -> list[str]:
    """List the versions of cardlint that a page names."""
    return NAMED.findall((ROOT / name).read_text())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_no_other_version(name: str) -> None:
    assert set(named(name)) <= {__version__}


def test_the_recipes_name_the_version() -> None:
    counts = {name: len(named(name)) for name in PAGES if named(name)}
    assert counts == {"README.md": 2, "docs/tutorial.md": 2, "docs/integrations.md": 4}


def test_the_version_that_the_configuration_requires_is_this_one_or_later() -> None:
    required = re.search(r'required-version = "([^"]+)"', (ROOT / "docs" / "configuration.md").read_text())
    assert required is not None
    assert Version(__version__) in SpecifierSet(required[1])
    assert Version("0.1.0") not in SpecifierSet(required[1])


def test_the_changelog_ends_with_this_version() -> None:
    releases = re.findall(r"^## \[([^\]]+)\](?: - (\S+))?$", CHANGELOG, re.M)
    versions = [version for version, _ in releases if version != "Unreleased"]
    assert versions[0] == __version__
    assert versions == sorted(versions, key=Version, reverse=True)
    for version, date in releases:
        if version != "Unreleased":
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", date), version
            assert re.search(rf"^\[{re.escape(version)}\]: https://\S+v{re.escape(version)}$", CHANGELOG, re.M), "a link to what changed"


def test_the_sections_of_a_release_are_those_of_keep_a_changelog() -> None:
    for release in CHANGELOG.split("\n## ")[1:]:
        sections = re.findall(r"^### (.*)$", release, re.M)
        order = [name for name in ("Added", "Changed", "Deprecated", "Removed", "Fixed", "Security") if name in sections]
        assert sections == order, "each section once, in this order"


def test_the_manual_page_is_of_this_version() -> None:
    assert f'"cardlint {__version__}"' in (ROOT / "man" / "cardlint.1").read_text().splitlines()[0]


def test_the_addresses_of_the_project_are_those_that_reports_link_to() -> None:
    from cardlint.common.site import REPOSITORY, SITE

    urls = PROJECT["urls"]
    assert urls["Homepage"] == urls["Documentation"] == SITE
    assert urls["Repository"] == REPOSITORY
    assert urls["Changelog"] == f"{SITE}changelog/"
    assert urls["Issues"].startswith(f"{REPOSITORY}/")
    builder = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]
    assert builder["site_url"] == SITE
    assert builder["site_description"] == PROJECT["description"]


def test_the_lines_that_run_cardlint_without_installing_it_name_the_package() -> None:
    for name in ("README.md", "docs/index.md"):
        text = (ROOT / name).read_text()
        for line in ("uvx cardlint src/", "pipx run cardlint src/", "pip install cardlint"):
            assert f"\n{line} " in text, (name, line)
    assert list(PROJECT["scripts"]) == ["cardlint"] == [PROJECT["name"]], "uvx and pipx run the program of the package's name"
