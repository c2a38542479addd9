"""`extend`: settings that a configuration takes from another file of its project, so that the parts of a monorepo share them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

ADDED = ("extend_select", "extend_exclude", "bounded_labels", "identity_labels", "sources", "bounders", "sinks", "wrappers")
"""Lists that grow: the settings of the other file come first. Any other setting of the file itself replaces the inherited one."""
OWN = ("cache_dir", "baseline")
"""Settings that name a folder of their own file's project part, and are not inherited."""
MAX_CHAIN = 8
"""Files that extend each other."""
MAX_SHOWN = 60
"""Characters of a name that a message repeats."""
MAX_PATH = 1000
"""Characters of the name of a file."""
Read = Callable[[str], dict[str, object] | None]
"""Reads the settings of one file; None for a pyproject.toml without the table of cardlint."""


class WrongExtend(Exception):
    """A file names another one that it may not extend. The message is one line that begins with the file."""


def extended(path: str, fields: dict[str, object], read: Read, chain: tuple[str, ...] = ()) -> dict[str, object]:
    """Return the fields of a configuration file with those that it inherits; raises WrongExtend for a file that it may not name."""
    given = fields.pop("extend", "")
    if not given:
        return fields
    shown = os.path.relpath(path)
    base = _target(path, str(given), shown)
    chain = (*chain, os.path.realpath(path))
    if os.path.realpath(base) in chain:
        raise WrongExtend(f"{shown}: `extend` leads back to {os.path.relpath(base)}")
    if len(chain) > MAX_CHAIN:
        raise WrongExtend(f"{shown}: `extend` goes on for more than {MAX_CHAIN} files")
    found = read(base)
    if found is None:
        raise WrongExtend(f"{shown}: `extend` names {os.path.relpath(base)}, which has no [tool.cardlint]")
    return _merged(extended(base, found, read, chain), fields, os.path.dirname(base), os.path.dirname(os.path.abspath(path)))


def _merged(base: dict[str, object], own: dict[str, object], base_root: str, own_root: str) -> dict[str, object]:
    out: dict[str, Any] = {name: value for name, value in base.items() if name not in OWN}
    if out.get("src"):
        out["src"] = tuple(os.path.relpath(os.path.join(base_root, folder), own_root).replace(os.sep, "/") for folder in out["src"])
    patterns = tuple((os.path.relpath(base_root), pattern, rules) for pattern, rules in out.pop("per_file_ignores", ()))
    out["inherited_ignores"] = (*out.get("inherited_ignores", ()), *patterns)
    for name, value in own.items():
        out[name] = (*out.get(name, ()), *value) if name in ADDED else value  # type: ignore[misc]
    return out


def _target(path: str, given: str, shown: str) -> str:
    """Return the file that `extend` names; raises WrongExtend when it is not a file of the project: its author may choose no other."""
    if len(given) > MAX_PATH or "\0" in given or not given.endswith(".toml"):
        raise WrongExtend(f"{shown}: `extend` names no TOML file: `{given[:MAX_SHOWN]}`")
    if os.path.isabs(given) or os.path.splitdrive(given)[0] or given.startswith(("/", "\\")):
        raise WrongExtend(f"{shown}: `extend` is absolute; write it relative to this file")
    target = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(path)), given))
    if not inside(os.path.realpath(target), project_of(os.path.dirname(os.path.realpath(path)))):
        raise WrongExtend(f"{shown}: `extend` leads out of the project")
    if not os.path.isfile(target):
        raise WrongExtend(f"{shown}: `extend` names `{given[:MAX_SHOWN]}`, and there is no such file")
    return target


def project_of(folder: str) -> str:
    """Return the top of the project of a folder: its work tree, else the working directory when it is in there, else itself."""
    top = folder
    while not os.path.lexists(os.path.join(top, ".git")):
        parent = os.path.dirname(top)
        if parent == top:
            here = os.path.realpath(".")
            return here if inside(folder, here) else folder
        top = parent
    return top


def inside(path: str, folder: str) -> bool:
    """Tell whether a resolved path is a folder or lies in it: settings may name nothing outside of their project."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)
