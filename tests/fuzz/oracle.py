"""What has to hold for every mutant, whatever it is: it is analysed, all of it is said twice in the same way, and nothing is raised.

`examine` works in memory. `on_disk` writes a mutant into a folder and calls the commands there, in this process.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from unittest import mock

from msgspec.structs import replace
from prometheus_client.parser import text_string_to_metric_families

from cardlint.cli import app
from cardlint.cli.check import _pages
from cardlint.config import Config, ConfigError, check_version, parse
from cardlint.engine import Run, run
from cardlint.findings import Report
from cardlint.fix.ignores import with_ignores
from cardlint.fix.session import Session
from cardlint.fix.source import FileSources
from cardlint.inventory import inventory
from cardlint.output import FORMATS, Options, renderer
from cardlint.selection import baseline
from tests.fuzz.mutants import Mutant
from tests.fuzz.mutations import TEXTS
from tests.fuzz.pool import step

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters that no line of output holds: they are commands to a terminal."""
ERROR = re.compile(r"cardlint: error: [^\n]+\n")
BASELINE = b'{"schema": "cardlint-baseline-v1", "findings": [{"fingerprint": "x", "rule": [], "path": null}]}'
DISK_EVERY = 12
"""One in so many mutants is written to the disk, too: that costs ten times as much."""
FIXED = 10
"""Findings above which a mutant is not fixed: each refused one costs an analysis more."""


class Wrong(AssertionError):
    """The mutant was handled, and not as it has to be."""


@lru_cache(1)
def _all_pages() -> list[object]:
    return list(_pages())


def examine(mutant: Mutant) -> None:
    """Take a mutant through every stage, twice; raises what goes wrong."""
    random = Random(mutant.chance)
    config = configured(mutant.config)
    whole, fixed = random.random() < 0.03, random.random()
    first = _said(mutant, config, FORMATS, whole, fixed < 0.4)
    again = _said(mutant, config, random.sample(FORMATS, 3), whole, fixed < 0.08)
    for name, text in again.items():
        if first[name] != text:
            raise Wrong(f"two runs differ in {name}: {_difference(first[name], text)}")
    if random.randrange(DISK_EVERY) == 0:
        on_disk(mutant, random)


def said(mutant: Mutant) -> dict[str, str]:
    """Return all that is said of a mutant in memory."""
    return _said(mutant, configured(mutant.config), FORMATS, False, True)


def configured(data: bytes) -> Config:
    """Read a configuration as the command line does; a wrong one is refused with one line, and the mutant goes without."""
    try:
        fields = parse(data.decode("utf-8", "replace"), "cardlint.toml", table="")
        config = Config(source="cardlint.toml", **{"pedantic": True, **(fields or {})})  # type: ignore[arg-type]
        check_version(config)
        run((), config, files=())
    except ConfigError as problem:
        _one_line(str(problem))
        return Config(pedantic=True)
    return config


def _said(mutant: Mutant, config: Config, formats: Sequence[str], whole: bool, fixed: bool) -> dict[str, str]:
    """Return all that is said of a mutant: formats, inventory, traces, fixes, comments, the baseline."""
    files = mutant.files

    def analysed(texts: Mapping[str, bytes]) -> Run:
        step()
        return run((), config, instead={**files, **texts}, files=())

    done = analysed({})
    _without_faults(done)
    report = replace(done.report, summary=replace(done.report.summary, duration_s=0.0))
    said = {name: _rendered(name, report, done, whole) for name in formats}
    said["inventory"] = json.dumps(inventory(done.program))
    said["trace"] = _traces(done)
    step()
    if fixed:
        said["fix"] = _fixed(done, analysed)
    said["ignores"] = _ignored(done)
    said["baseline"] = _baseline(report)
    return said


def _without_faults(done: Run) -> None:
    """Raise what a run has only told of: an exception of ours that cost a file, a question that took more memory than there is."""
    for told in done.program.limits:
        if "internal error" in told.message or "more memory" in told.message:
            said, _, places = told.message.partition(" (at ")
            raise Wrong(f"{places.rstrip(')')[:60]} {said}")
    for finding in done.report.findings:
        if "internal error" in finding.message:
            raise Wrong(finding.message)


def _rendered(name: str, report: Report, done: Run, whole: bool) -> str:
    step()
    pages = _all_pages if whole else tuple
    text = renderer(name)(report, Options(done.project.lines, verbose=True, rules=pages))  # type: ignore[arg-type]
    text.encode()
    _parsed(name, text, report)
    return text


def _parsed(name: str, text: str, report: Report) -> None:
    """Read an output with a parser of its format."""
    count = len(report.findings)
    if name in ("json", "sarif", "gitlab"):
        data = json.loads(text)
        found = {"json": lambda: data["findings"], "sarif": lambda: data["runs"][0]["results"], "gitlab": lambda: data}[name]()
        if len(found) != count:
            raise Wrong(f"{name} holds {len(found)} of {count} findings")
        return
    if name == "junit":
        ET.fromstring(text)
    elif name == "prometheus":
        list(text_string_to_metric_families(text))
    elif (match := CONTROL.search(text)) is not None:
        raise Wrong(f"{name} holds the control character {match[0]!r}: {text[max(0, match.start() - 60) : match.end() + 20]!r}")
    if name == "github":
        for line in text.splitlines():
            if line and not line.startswith(("::", "cardlint: ")):
                raise Wrong(f"github holds a line that is no command: {line[:80]!r}")


def _traces(done: Run) -> str:
    parts = []
    for site in done.program.sites:
        for arg in site.args:
            info = arg.value.info()
            steps = "".join(f"{s.place.path}:{s.place.line}:{s.message}\n" for s in (*arg.value.steps(), *site.lifted))
            parts.append(f"{arg.label} {info.cls} {info.size} {info.why} {info.values[:12]!r} {arg.text}\n{steps}")
    parts.extend(f"{step.place} {step.message}" for step in (*done.program.unresolved, *done.program.limits))
    return "\n".join(parts)


def _fixed(done: Run, analysed: object) -> str:
    if len(done.report.findings) > FIXED:
        return ""
    session = Session(done, analysed, unsafe=True)  # type: ignore[arg-type]
    refused, held = session.fix(lambda report: report)
    if held:
        raise Wrong("a fix is held back although unsafe ones are wanted")
    for path, text in session.texts.items():
        session.before(path).encode(text)
    return json.dumps([refused, session.texts, session.problems], sort_keys=True)


def _ignored(done: Run) -> str:
    """Write ignore comments at the findings, as `--add-ignores` does."""
    sources = FileSources(done.project.data)
    texts: dict[str, str] = {}
    findings = [f for f in done.report.findings if f.code != "CL000" and not f.code.startswith("CL9")]
    for path in sorted({f.place.path for f in findings}):
        texts[path] = with_ignores(sources(path), [f for f in findings if f.place.path == path], "known")
    return json.dumps(texts)


def _baseline(report: Report) -> str:
    text = baseline.write(baseline.entry(finding) for finding in report.findings)
    compared = baseline.compare(report, baseline.of(text, "baseline.json"))
    if compared.new or compared.fixed or compared.known != len(report.findings):
        raise Wrong("a report is not known to its own baseline")
    return text


# on the disk ----------------------------------------------------------------------------------------------------------


def on_disk(mutant: Mutant, random: Random) -> None:
    """Write a mutant into a folder and call the commands there as a user does."""
    before = os.getcwd()
    folder = Path(tempfile.mkdtemp(prefix="cardlint-fuzz-"))
    try:
        os.chdir(folder)
        written = _written(mutant)
        if not written:
            return
        lines = mutant.files[written[0]].count(b"\n") + 1
        _called("check", "--no-cache", "--format", random.choice(FORMATS), "--verbose", ".")
        first = _called("check", "--cache-dir", str(folder.parent / f"{folder.name}-cache"), "--format", "json", ".")
        second = _called("check", "--cache-dir", str(folder.parent / f"{folder.name}-cache"), "--format", "json", ".")
        if _timeless(first) != _timeless(second):
            raise Wrong(f"a run from the cache differs: {_difference(_timeless(first), _timeless(second))}")
        _called("check", "--no-cache", "--diff", "--unsafe-fixes", ".")
        _called("check", "--no-cache", "--diff", "--add-ignores", "--reason", "known", ".")
        _called("inventory", "--no-cache", "--format", random.choice(("json", "table")), ".")
        for _ in range(2):
            _called("trace", "--no-cache", f"./{written[0]}:{random.randint(1, lines)}")
        _called("baseline", "--no-cache", "-o", "baseline.json", ".")
        path = folder / "baseline.json"
        data = path.read_bytes() if path.exists() and random.random() < 0.8 else BASELINE
        for _ in range(random.randint(0, 2)):
            data = random.choice(TEXTS)(data, BASELINE, random)
        path.write_bytes(data)
        _called("check", "--no-cache", "--baseline", "baseline.json", ".")
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(f"{folder}-cache", ignore_errors=True)


def _written(mutant: Mutant) -> list[str]:
    names = []
    for name, data in mutant.files.items():
        try:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_bytes(data)
        except (OSError, UnicodeEncodeError):
            continue  # two names of one file, or one that this system does not take
        names.append(name)
    Path("cardlint.toml").write_bytes(mutant.config)
    return names


def _called(*arguments: str) -> str:
    """Call a command in this process; it ends with a code that is documented, and says an error on one line."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    saved = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    step()
    try:
        with mock.patch.dict(os.environ, CARDLINT_DEBUG="1"):
            code = app.run(arguments)
    finally:
        sys.stdout, sys.stderr = saved
    for stream in (out, err):
        stream.flush()
    printed = out.buffer.getvalue().decode("utf-8", "surrogateescape" if "--diff" in arguments else "strict")  # type: ignore[attr-defined]
    complaint = err.buffer.getvalue().decode()  # type: ignore[attr-defined]
    if code not in (0, 1, 2, 3):
        raise Wrong(f"{' '.join(arguments)} ends with {code}")
    if code == 2 and not ERROR.search(complaint):
        raise Wrong(f"{' '.join(arguments)} ends with 2 and says {complaint[:200]!r}")
    if "internal error" in complaint or "Traceback" in complaint:
        raise Wrong(complaint[:500])
    if (match := CONTROL.search(complaint)) is not None:
        raise Wrong(f"an error line of {arguments[0]} holds {match[0]!r}: {complaint[max(0, match.start() - 60) : match.end() + 20]!r}")
    return printed


def _timeless(text: str) -> str:
    return re.sub(r'"duration_s": ?[\d.e-]+', "", text)


def _one_line(text: str) -> None:
    if not text.strip() or "\n" in text.strip():
        raise Wrong(f"an error is not one line: {text[:200]!r}")


def _difference(first: str, second: str) -> str:
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second)))
    return f"{first[max(0, at - 60) : at + 60]!r} and {second[max(0, at - 60) : at + 60]!r}"


def names_of(files: Sequence[str]) -> str:
    """Return file names for one line."""
    return ", ".join(ascii(name) for name in files)
