"""Repositories: the top of a checkout, the folders of git's data, and the few settings about ignored files.

All of it is read as plain files. git itself would run programs that the configuration of a checkout names, and would treat a
folder with the right file names in it as a repository; this module does neither.
"""

from __future__ import annotations

import os
import re
from stat import S_ISDIR, S_ISREG

from msgspec import Struct

from cardlint.common.expressions import Expression
from cardlint.files.opening import NotReadable, read

SMALL = 64_000
"""Bytes of a file that only holds the path of another one."""
MAX_CONFIG = 1_000_000
MAX_INCLUDES = 20


class Repository(Struct, frozen=True):
    """A real work tree: the folder that holds `.git`, and the folders of git's data. All are absolute."""

    top: str
    folder: str
    """data of this work tree alone: HEAD, the index"""
    common: str
    """data that all work trees of the repository share: objects, refs, the configuration"""


def containing(folder: str) -> Repository | None:
    """Return the innermost repository whose work tree holds a folder, found by walking up from it.

    A bare repository does not count: only a `.git` does, and only one that looks like a repository.
    """
    top = os.path.realpath(folder)
    while True:
        found = at(top)
        if found is not None:
            return found
        parent = os.path.dirname(top)
        if parent == top:
            return None
        top = parent


def at(top: str) -> Repository | None:
    """Return the repository with this folder as the top of its work tree, None for other folders."""
    folder = os.path.join(top, ".git")
    try:
        mode = os.stat(folder).st_mode
        if S_ISREG(mode):
            text = read(folder, SMALL)
            if not text.startswith(b"gitdir: "):
                return None
            folder = os.path.normpath(os.path.join(top, os.fsdecode(text[8:].rstrip(b"\r\n"))))
        elif not S_ISDIR(mode):
            return None
        common = _common(folder)
        head = os.lstat(os.path.join(folder, "HEAD")).st_mode
        if S_ISDIR(head) or not (S_ISREG(head) or os.path.islink(os.path.join(folder, "HEAD"))):
            return None
        if not (S_ISDIR(os.stat(os.path.join(common, "objects")).st_mode) and S_ISDIR(os.stat(os.path.join(common, "refs")).st_mode)):
            return None
    except (OSError, ValueError, NotReadable):
        return None
    return Repository(top, folder, common)


def _common(folder: str) -> str:
    try:
        text = read(os.path.join(folder, "commondir"), SMALL)
    except NotReadable:
        return folder
    return os.path.normpath(os.path.join(folder, os.fsdecode(text.rstrip(b"\r\n"))))


# settings ----------------------------------------------------------------------------------------------------------------


def settings(repository: Repository) -> tuple[str, bool]:
    """Return the user's file of patterns for all repositories, '' for none, and whether names may differ by case alone.

    They come from the user's own configuration and from the checkout's. A checkout can only name a file to read and choose
    one of two, and it includes no other file.
    """
    values: dict[str, str] = {}
    for path in _of_user():
        _collect(path, values, [MAX_INCLUDES])
    _collect(os.path.join(repository.common, "config"), values, [0])
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    named = values.get("core.excludesfile", os.path.join(home, "git", "ignore"))
    ignored = os.path.join(repository.top, os.path.expanduser(named)) if named else ""
    return ignored, values.get("core.ignorecase", "false").lower() in ("true", "yes", "on", "1", "")


def _of_user() -> list[str]:
    system = [] if os.environ.get("GIT_CONFIG_NOSYSTEM") else [os.environ.get("GIT_CONFIG_SYSTEM") or "/etc/gitconfig"]
    if "GIT_CONFIG_GLOBAL" in os.environ:
        return [*system, os.environ["GIT_CONFIG_GLOBAL"]]
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return [*system, os.path.join(home, "git", "config"), os.path.expanduser("~/.gitconfig")]


WANTED = Expression(rb"excludesfile|ignorecase|\[\s*include", re.I)
SECTION = Expression(r"\s*\[\s*([A-Za-z0-9.-]+)\s*(\"(?:[^\"\\]|\\.)*\")?\s*\]")
SETTING = Expression(r"\s*([A-Za-z][A-Za-z0-9-]*)[ \t]*(?:=[ \t]*(.*))?")
PART = Expression(r'"((?:[^"\\]|\\.)*)"?|\\(.)|([^"\\#;]+)|([#;].*)')
ESCAPED = Expression(r"\\(.)")


def _collect(path: str, values: dict[str, str], includes: list[int]) -> None:
    """Read the settings of a configuration file that matter here; `includes` is the number of files that it may include."""
    try:
        data = read(path, MAX_CONFIG)
    except NotReadable:
        return
    if not WANTED.regex.search(data):
        return
    section = ""
    for line in os.fsdecode(data).replace("\r\n", "\n").replace("\\\n", "").split("\n"):
        if header := SECTION.regex.match(line):
            section = header[1].lower() if header[2] is None else ""
            line = line[header.end() :]
        setting = SETTING.regex.fullmatch(line) if section in ("core", "include") else None
        if setting is None:
            continue
        name, value = f"{section}.{setting[1].lower()}", _value(setting[2]) if setting[2] is not None else ""
        if name != "include.path":
            values[name] = value
        elif includes[0] > 0 and value:
            includes[0] -= 1
            _collect(os.path.join(os.path.dirname(path), os.path.expanduser(value)), values, includes)


def _value(written: str) -> str:
    """Return the meaning of a value: quotes are removed, a comment ends it, and outside of quotes blanks at the end do not count."""
    out = ""
    kept = 0
    for part in PART.regex.finditer(written):
        quoted, escaped, plain, comment = part.groups()
        if comment is not None:
            break
        if plain is not None:
            out += plain
            kept = max(kept, len(out.rstrip()))
        else:
            out += ESCAPED.regex.sub(r"\1", quoted) if quoted is not None else escaped
            kept = len(out)
    return out[:kept]
