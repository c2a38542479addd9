"""Paths for code hosts: relative to the top of the repository, posix, percent-encoded in URIs."""

from __future__ import annotations

import os
from functools import lru_cache


@lru_cache(maxsize=4)
def prefix(folder: str) -> str:
    """Return the path from the top of the git work tree to a folder, '' at the top or outside of one."""
    top = os.path.abspath(folder)
    parts: list[str] = []
    while not os.path.exists(os.path.join(top, ".git")):
        parent, name = os.path.split(top)
        if parent == top:
            return ""
        parts.append(name)
        top = parent
    return "/".join(reversed(parts))


def from_top(path: str) -> str:
    """Return a path of a finding relative to the repository; one outside the working directory is not changed."""
    if os.path.isabs(path):
        return path
    before = prefix(os.getcwd())
    return os.path.normpath(f"{before}/{path}").replace(os.sep, "/") if before else path.removeprefix("./")


def uri(path: str) -> str:
    """Return a path as a URI: relative to the repository, or with a scheme outside of the working directory.

    File names are bytes; one that is no UTF-8 keeps its own bytes in the percent encoding.
    """
    from urllib.parse import quote

    quoted = quote(from_top(path).encode("utf-8", "surrogateescape"), safe="/")
    return f"file://{quoted}" if os.path.isabs(path) else quoted
