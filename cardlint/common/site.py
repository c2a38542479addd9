"""Addresses of the documentation: reports link each finding to the page of its rule."""

from __future__ import annotations

REPOSITORY = "https://github.com/cardlint/cardlint"
SITE = "https://cardlint.github.io/cardlint/"


def rule_address(name: str) -> str:
    """Return the address of the page of a rule; `tests/test_site.py` holds that the site has a page there."""
    return f"{SITE}rules/{name}/"
