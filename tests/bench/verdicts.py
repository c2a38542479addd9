#!/usr/bin/env python3
"""Compare the verdicts of two checkouts of cardlint over a folder of repositories.

    python tests/bench/verdicts.py OLD NEW FOLDER [--only NAME] [--jobs 1] [--limit 40] [--save FILE]

A change of structure must change no verdict, and a change of inference must change only those it means to. OLD and NEW are
checkouts (folders that hold `cardlint/`), FOLDER holds one repository a folder. OLD may be a file that `--save` has written: the
answers of one checkout, kept. Every finding and the class, size and texts of
every label argument are recorded by a process of its own for each checkout, and every difference is listed. The exit code is 1
when there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

RECORD = "--record"
TIMEOUT = 900
"""Seconds that one checkout may take for one repository."""


def record(jobs: int) -> dict[str, object]:
    """Analyse the working directory with the cardlint that is importable, and return what it says of it.

    It reads attributes of the result only, so that it runs with checkouts of different layout.
    """
    from cardlint.config import Config
    from cardlint.engine import run

    started = time.process_time()
    result = run(["."], Config(pedantic=True), jobs=jobs)
    seconds = time.process_time() - started
    lines: list[str] = []
    for finding in result.report.findings:
        place = finding.place
        steps = " > ".join(f"{s.place.path}:{s.place.line}" for s in finding.trace)
        lines.append(
            f"finding {place.path}:{place.line}:{place.column} {finding.rule}[{finding.label}] "
            f"{finding.severity}/{finding.confidence} {finding.message} | {steps}"
        )
    for site in result.program.sites:
        names = ",".join(sorted({metric.name for metric in site.metrics}))
        for arg in site.args:
            info = arg.value.info()
            lines.append(
                f"argument {arg.place.path}:{arg.place.line}:{arg.place.column} {site.kind} {names}[{arg.label}] "
                f"{info.cls} size={info.size} kind={info.kind} {'|'.join(info.values)} why={info.why}"
            )
    for metric in result.program.metrics:
        lines.append(f"metric {metric.place.path}:{metric.place.line} {metric.type} {metric.name} {metric.labelnames}")
    return {"seconds": seconds, "lines": sorted(lines)}


def recorded(checkout: Path, repository: Path, jobs: int) -> tuple[list[str], float]:
    """Run the recorder with one checkout in one repository; a run that fails is a verdict of its own."""
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve()), "PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1"}
    command = [sys.executable, str(Path(__file__).resolve()), RECORD, str(jobs)]
    try:
        done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return [f"failed: no answer after {TIMEOUT} s"], float(TIMEOUT)
    if done.returncode:
        return ["failed: " + (done.stderr.strip().splitlines() or ["no message"])[-1]], 0.0
    answer = json.loads(done.stdout)
    return answer["lines"], answer["seconds"]


def main() -> int:
    """Compare and print; return 1 when the two checkouts differ anywhere."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", action="append", default=[], help="name of a repository; repeatable")
    parser.add_argument("--jobs", type=int, default=1, help="processes of one run")
    parser.add_argument("--limit", type=int, default=40, help="differences printed of one repository")
    parser.add_argument("--save", type=Path, help="write the answers of NEW to this file")
    arguments = parser.parse_args()
    missing = [name for name in arguments.only if not (arguments.folder / name).is_dir()]
    if missing:
        parser.error(f"no repository of this name in {arguments.folder}: {', '.join(missing)}")
    kept = json.loads(arguments.old.read_text()) if arguments.old.is_file() else None
    saved: dict[str, tuple[list[str], float]] = {}
    differ = 0
    total = {"old": 0.0, "new": 0.0}
    for repository in sorted(p for p in arguments.folder.iterdir() if p.is_dir()):
        if arguments.only and repository.name not in arguments.only:
            continue
        new, new_seconds = saved[repository.name] = recorded(arguments.new, repository, arguments.jobs)
        if kept is None:
            old, old_seconds = recorded(arguments.old, repository, arguments.jobs)
        else:
            old, old_seconds = kept.get(repository.name, ([], 0.0))
        total["old"] += old_seconds
        total["new"] += new_seconds
        gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
        count = sum(gone.values()) + sum(come.values())
        differ += count
        print(f"{repository.name:45} {len(old):6} verdicts  {count:5} differ  {old_seconds:7.2f} s -> {new_seconds:7.2f} s", flush=True)
        for sign, lines in (("-", gone), ("+", come)):
            for line in sorted(lines.elements())[: arguments.limit]:
                print(f"  {sign} {line}")
    if arguments.save:
        arguments.save.write_text(json.dumps(saved))
    print(f"{differ} differences; CPU {total['old']:.1f} s -> {total['new']:.1f} s")
    return 1 if differ else 0


if __name__ == "__main__":
    if sys.argv[1:2] == [RECORD]:
        print(json.dumps(record(int(sys.argv[2]))))
    else:
        sys.exit(main())
