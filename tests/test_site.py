"""The documentation site: it is built without warnings, its addresses hold, and a browser shows every page at two widths.

`python -m tools.site` builds it first. The tests in a browser need Chromium, and say so when there is none.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cardlint.common.site import REPOSITORY, SITE, rule_address
from cardlint.rules import all_rules
from tests.conftest import ROOT, Lint
from tools import site

BUILT = ROOT / "build" / "site"
READY = find_spec("zensical") is not None and find_spec("playwright") is not None and BUILT.is_dir()
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
WIDTHS = {"desk": (1280, 900), "phone": (390, 844)}
WORDS = {"CL102": "rules/raw-path/", "identity-label": "rules/identity-label/", "Neovim": "editors/"}
"""Words to search for, and the page that has to be the first result."""


def needs_the_site(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that reads what `python -m tools.site` wrote."""
    return pytest.mark.site(pytest.mark.skipif(not READY, reason="pip install -e '.[dev,docs]' && python -m tools.site")(test))


WIDE = """() => {
  const scrolls = (node) => node.tagName !== "ARTICLE" && (["auto", "scroll"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  const shown = (node) => node.getClientRects().length > 0 && getComputedStyle(node).visibility === "visible";
  return [...document.querySelectorAll("article *")]
    .filter((node) => shown(node) && node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node.parentElement) && !scrolls(node))
    .map((node) => node.tagName + ": " + node.textContent.slice(0, 60));
}"""
"""What is wider than the window and in no box that scrolls: it would be cut off."""


def test_links_to_code_lead_to_the_repository_and_links_to_documents_stay(tmp_path: Path) -> None:
    page = ROOT / "docs" / "limits.md"
    text = "[a](../SECURITY.md) [b](rules/index.md#x) [c](../cardlint/engine.py) [d](https://example.org/x) `[e](../no.md)`"
    assert site.relinked(text, page, "limits.md") == (
        f"[a](security.md) [b](rules/index.md#x) [c]({site.BLOB}cardlint/engine.py) [d](https://example.org/x) `[e](../no.md)`"
    )
    assert site.relinked("[a](docs/rules/index.md)", ROOT / "CONTRIBUTING.md", "contributing.md") == "[a](rules/index.md)"
    assert site.relinked("[a](../limits.md)", ROOT / "docs" / "rules" / "x.md", "rules/x.md") == "[a](../limits.md)"
    with pytest.raises(site.BadPage, match="does not exist"):
        site.relinked("[a](no.md)", page, "limits.md")
    assert site.BLOB.startswith(REPOSITORY)


def test_every_page_is_in_the_navigation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site.gather(tmp_path)
    assert (tmp_path / "docs" / "rules" / "raw-path.md").read_text() == (ROOT / "docs" / "rules" / "raw-path.md").read_text()
    there = site.pages
    monkeypatch.setattr(site, "pages", lambda: [*there(), ("orphan.md", ROOT / "README.md")])
    with pytest.raises(site.BadPage, match=r"not in the navigation: \['orphan.md'\]"):
        site.gather(tmp_path)


def test_reports_link_each_rule_to_its_page(lint: Lint) -> None:
    from cardlint.cli.check import _pages
    from cardlint.output.sarif import document

    done = lint("from prometheus_client import Summary\n\nS = Summary('s', 'S')\n")
    [run] = document(done.report, _pages())["runs"]
    driver = run["tool"]["driver"]
    assert driver["informationUri"] == SITE
    assert {rule["name"]: rule["helpUri"] for rule in driver["rules"]} == {rule.name: rule_address(rule.name) for rule in all_rules()}


@needs_the_site
def test_a_warning_of_the_builder_ends_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("docs", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "zensical.toml", "cardlint", "tests", "fixtures"):
        if name == "docs":
            shutil.copytree(ROOT / name, tmp_path / name)
        else:
            (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setattr(site, "ROOT", tmp_path)
    page = tmp_path / "docs" / "limits.md"
    page.write_text(page.read_text() + "\n[nowhere](usage.md#no-such-heading)\n")
    assert site.main([]) != 0


@needs_the_site
def test_every_rule_has_a_page_at_the_address_that_reports_link_to() -> None:
    for rule in all_rules():
        assert rule_address(rule.name).startswith(SITE)
        html = (BUILT / rule_address(rule.name).removeprefix(SITE) / "index.html").read_text()
        for anchor in ("what-it-does", "why-it-matters", "bad", "good", "how-to-fix-it"):
            assert f'id="{anchor}"' in html, rule.name
    assert (BUILT / "changelog" / "index.html").is_file()


@needs_the_site
def test_the_search_index_has_every_rule() -> None:
    text = json.dumps(json.loads((BUILT / "search.json").read_text()))
    for rule in all_rules():
        assert f"{rule.name} ({rule.code})" in text


def addresses() -> list[str]:
    """List the pages of the built site."""
    return sorted(path.parent.relative_to(BUILT).as_posix() for path in BUILT.rglob("index.html"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and prints nothing."""

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the site below the path that it has on the web."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "cardlint").symlink_to(BUILT)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/cardlint/"
    server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start Chromium without a window."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield started
        started.close()


@needs_the_site
@pytest.mark.parametrize("width", WIDTHS)
def test_a_browser_shows_every_page_without_errors_and_without_scrolling_sideways(width: str, served: str, browser: Any) -> None:
    across, down = WIDTHS[width]
    page = browser.new_page(viewport={"width": across, "height": down})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda response: problems.append(f"{response.status} {response.url}") if response.status >= 400 else None)
    page.on(
        "request",
        lambda request: problems.append(f"asks {request.url}") if not request.url.startswith((served, "data:", "blob:")) else None,
    )
    names = addresses()
    assert len(names) > 45
    page.goto(served)
    page.evaluate("document.querySelector('article h1').style.width = '3000px'")
    assert [text[:3] for text in page.evaluate(WIDE)][:1] == ["H1:"], "a heading that is too wide is noticed"
    for name in names:
        page.goto(f"{served}{name}/")
        page.wait_for_selector("article h1")
        assert (name, page.evaluate(WIDE), problems) == (name, [], [])
    page.close()


@needs_the_site
@pytest.mark.parametrize("words", WORDS)
def test_the_first_result_of_a_search_is_the_page(words: str, served: str, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{served}speed/")
    page.locator(".md-search__button").click()
    page.get_by_placeholder("Search").fill(words)
    page.get_by_text(re.compile(r"^\d+ results?$")).wait_for(timeout=15_000)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served}{WORDS[words]}**", timeout=15_000)
    page.close()
