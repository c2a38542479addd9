"""A mutant by its seed and index: the same two numbers give the same files everywhere where the same seeds are."""

from __future__ import annotations

import re
from random import Random
from typing import NamedTuple

from tests.fuzz import trees
from tests.fuzz.mutations import LONGEST, TEXTS
from tests.fuzz.seeds import CONFIGS, HEAD, USE, seeds

NAMES = (
    "app.py", "a b.py", "ä.py", "::error::x.py", "a`b.py", "<b>.py", "a|b.py", "a%0Ab.py", "a\nb.py", "a\x1b[31m.py", "'q\".py", "$(x).py", "-rf.py", "@x.py", "##vso[x].py", "a\udce9.py",
    "tests/test_app.py", "conftest.py", "gunicorn.conf.py", "__main__.py", "setup.py", "x" * 200 + ".py", "a/b/c/d/e/f/g.py", "app.pyx.py", ".py", "a.b.py", "class.py", "migrations/0001.py", "src/app.py",
)  # fmt: skip
BESIDE = ("Dockerfile", "docker-compose.yml", ".env", "run.sh", "gunicorn.conf.py", "app.service", "notes.ipynb", "requirements.txt")
"""Files that stand beside the code: what configures processes is searched for signs of multiprocess mode."""
PROCESS = b"[Service]\nENV PROMETHEUS_MULTIPROC_DIR=/tmp/x\nbind = ':8000'\nworkers = 4\nCMD gunicorn -w 4 app:app\n"
RULES = ("CL101", "CL2", "CL", "all", "summary", "nothing", "identity-label", "", "unused-ignore")
VALUES = (
    "true", "false", "-1", "0", "1", "10000000000000000000000000", "1.5", "inf", "nan", '""', '"x"', "[]", '["x"]', "[[]]", "[1]", "{}", "{x = 1}", "1979-05-27", "'''\n'''", '"\\u0000"', '"\\u001b[31m"',
    '"../.."', '"/"', '"**"', '"["', '"app.C()"', '"."', '"()"', '"a..b"', '["CL1", "nothing"]', '[{path = "."}]', '[{path = "app.f()", class = "unbounded"}]', '"' + "a" * 500 + '"', '[">=3,,<x"]', '">=0.1,<0.0"',
)  # fmt: skip
KEY = re.compile(r"^([\w.\"*/-]+)(\s*=\s*)(.*)$", re.M)
LINKS = (
    "import {}",
    "from {} import *",
    "from {} import C",
    "from . import {}",
    "from .{} import *",
    "from .. import {}",
    "import {} as C",
    "from {} import C as Counter",
    "from .{} import C, use",
)


class Mutant(NamedTuple):
    """One mutant: what is analysed, the text of its configuration, and chance for what the oracle chooses."""

    files: dict[str, bytes]
    config: bytes
    origin: str
    chance: str


def mutant(seed: int, index: int) -> Mutant:
    """Make a mutant."""
    random = Random(f"{seed}:{index}")
    known = seeds()
    tree = random.choice(known)
    files = dict(tree.files)
    origin = tree.origin
    if random.random() < 0.12:
        files = _packed(files, random.choice(known).files, random)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        name = random.choice(list(files))
        other = random.choice(list(random.choice(known).files.values()))
        files[name] = _changed(files[name], other, random)
    if random.random() < 0.12:
        _link(files, random)
    if random.random() < 0.06:
        files[random.choice(NAMES)] = files.pop(random.choice(list(files)))
    if random.random() < 0.03:
        files[random.choice(BESIDE)] = random.choice(TEXTS)(PROCESS, PROCESS, random)
    config = random.choice(CONFIGS) if random.random() < 0.5 else ""
    return Mutant(files, _configured(config, random), origin, f"{seed}:{index}:oracle")


def _changed(data: bytes, other: bytes, random: Random) -> bytes:
    """Change one file: most often its tree, else its text, a few times."""
    if random.random() < 0.6:
        changed = trees.mutated(data, other, random)
        if changed is not None and random.random() < 0.85:
            return changed
        data = changed if changed is not None else data
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        data = random.choice(TEXTS)(data, other, random)
    return data[:LONGEST]


def _packed(files: dict[str, bytes], more: dict[str, bytes], random: Random) -> dict[str, bytes]:
    """Put files into packages, with others beside them: namesakes, `__init__` that hand on, modules that shadow packages."""
    out: dict[str, bytes] = {}
    for name, data in [*files.items(), *more.items()]:
        folder = random.choice(("", "pkg/", "pkg/sub/", "app/", "src/pkg/", "tests/"))
        out[folder + name.rpartition("/")[2]] = data
    for folder in ("pkg/", "pkg/sub/", "app/", "src/pkg/"):
        if random.random() < 0.5:
            inside = [name[len(folder) : -3].replace("/", ".") for name in out if name.startswith(folder) and name.endswith(".py")]
            lines = [random.choice(LINKS).format(random.choice(inside or ["app"])) for _ in range(random.randint(0, 3))]
            out[folder + "__init__.py"] = "\n".join([*lines, random.choice(("", HEAD, HEAD + USE.format("request", "user_id")))]).encode()
    if random.random() < 0.2:
        out["app.py"] = random.choice(list(out.values()))
    return out


def _link(files: dict[str, bytes], random: Random) -> None:
    """Let files import each other, themselves, and what is not there."""
    names = [name[:-3].replace("/", ".").removesuffix(".__init__") for name in files if name.endswith(".py")]
    for name in list(files):
        if random.random() < 0.7:
            line = random.choice(LINKS).format(random.choice([*names, "prometheus_client", "nowhere"]))
            files[name] = line.encode("utf-8", "replace") + b"\n" + files[name]


def _configured(config: str, random: Random) -> bytes:
    """Change a configuration: its values, its keys, its bytes."""
    if config and random.random() < 0.4:
        for _ in range(random.randint(1, 2)):
            found = list(KEY.finditer(config))
            if found:
                match = random.choice(found)
                key, value = match[1], random.choice(VALUES)
                if random.random() < 0.2:
                    key = random.choice(("selct", "path", "class", "buckets.min", '"', "per-file-ignores.x", "cache-dir", "src", key + key))
                config = config[: match.start()] + key + match[2] + value + config[match.end() :]
    elif random.random() < 0.1:
        config += f"\nselect = [{', '.join(repr(random.choice(RULES)) for _ in range(3))}]\n"
    data = config.encode()
    if config and random.random() < 0.1:
        for _ in range(random.randint(1, 3)):
            data = random.choice(TEXTS)(data, b"max-series = 1\n[[sinks]]\npath = 'x'\n", random)
    return data
