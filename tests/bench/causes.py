#!/usr/bin/env python3
"""Count findings and their causes over a folder of repositories.

    python tests/bench/causes.py FOLDER [--timeout 300]

FOLDER holds one repository a folder. A user reads causes, and machines read sites: the table shows both for each repository and for
each rule, with the severities of the causes. It shows whether a change of a rule makes a first report longer or shorter.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

LEVELS = ("note", "warning", "error")


def report(folder: Path, timeout: int) -> list[dict[str, str]]:
    """Return the findings of one repository as JSON has them."""
    command = [sys.executable, "-m", "cardlint", "check", "--isolated", "--no-cache", "--exit-zero", "--format", "json", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout, check=True)
    found: list[dict[str, str]] = json.loads(done.stdout)["findings"]
    return found


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--timeout", type=int, default=300, help="seconds for one repository")
    given = parser.parse_args()
    sites: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    levels: Counter[str] = Counter()
    for folder in sorted(path for path in given.folder.iterdir() if path.is_dir()):
        try:
            findings = report(folder, given.timeout)
        except (subprocess.SubprocessError, ValueError, KeyError) as problem:
            print(f"{folder.name}: {type(problem).__name__}", file=sys.stderr)
            continue
        worst: dict[tuple[str, str], str] = {}
        for finding in findings:
            key = finding["rule"], finding["group"]
            worst[key] = max(worst.get(key, "note"), finding["severity"], key=LEVELS.index)
        sites.update(finding["rule"] for finding in findings)
        causes.update(rule for rule, _ in worst)
        levels.update(worst.values())
        if findings:
            print(f"{folder.name:50} {len(findings):6,} sites {len(worst):6,} causes")
    print()
    for rule, count in sites.most_common():
        print(f"{rule:50} {count:6,} sites {causes[rule]:6,} causes")
    told = ", ".join(f"{levels[level]:,} {level}s" for level in reversed(LEVELS))
    print(f"{'all':50} {sites.total():6,} sites {causes.total():6,} causes: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
