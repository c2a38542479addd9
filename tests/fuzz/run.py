"""Fuzzing of the whole tool: `python tests/fuzz/run.py --mutants 200000 [--jobs 2] [--seconds N] [--seed S]`.

Every mutant is named by its seed and index: `python tests/fuzz/run.py --seed S --only INDEX` does one again, with its traceback.
`--minimise` makes it smaller first. Failing mutants are kept in a folder outside of the tree, one example for each cause.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.fuzz import oracle, pool
from tests.fuzz.minimise import minimised
from tests.fuzz.mutants import Mutant, mutant
from tests.fuzz.seeds import seeds

KEPT = 3
"""Mutants kept of one cause: the smallest ones."""


def main() -> int:
    """Run the mutants and return 1 when any of them was not handled."""
    options = _options()
    os.environ["NO_COLOR"] = "1"
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if options.only is not None:
        return _one(options.seed, options.only, options.minimise, options.keep)
    if options.digest:
        print(_digest(options.seed, range(options.first, options.first + options.mutants)))
        return 0
    started = time.perf_counter()
    count = len(seeds())
    print(f"{count} seeds after {time.perf_counter() - started:.1f} s", flush=True)
    started = shown = time.perf_counter()
    done = 0
    failures: list[pool.Failure] = []
    causes: Counter[str] = Counter()
    indices = range(options.first, options.first + options.mutants)
    for event in pool.work_through(lambda index: oracle.examine(mutant(options.seed, index)), indices, options.jobs, options.seconds):
        if isinstance(event, int):
            done += event
        else:
            failures.append(event)
            causes[event.key] += 1
            if causes[event.key] == 1:
                print(f"--seed {options.seed} --only {event.index}: {event.kind}: {event.key}", flush=True)
            if causes[event.key] <= KEPT:
                _keep(options.keep, options.seed, event)
        if time.perf_counter() - shown > 30:
            shown = time.perf_counter()
            print(f"{done} mutants, {len(failures)} failures, {done / (shown - started):.0f} a second", flush=True)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    each = (used.ru_utime + used.ru_stime) / max(1, done)
    print(
        f"{done} mutants in {seconds:.1f} s with {options.jobs} jobs, {1 / each:.0f} in a second of one processor, {len(failures)} failures of {len(causes)} causes"
    )
    for cause, number in causes.most_common():
        indices_of = [f.index for f in failures if f.key == cause][:5]
        print(f"{number:6}  {cause}  --only {' '.join(map(str, indices_of))}")
    if failures:
        print(f"kept in {options.keep}")
    return 1 if failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="names the sequence of mutants")
    parser.add_argument("--mutants", type=int, default=2_000, help="how many")
    parser.add_argument("--first", type=int, default=0, help="index of the first one")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes")
    parser.add_argument("--seconds", type=float, default=None, help="start no more after so long")
    parser.add_argument("--only", type=int, default=None, metavar="INDEX", help="do one mutant, in this process")
    parser.add_argument("--minimise", action="store_true", help="with --only: make it smaller and show it")
    parser.add_argument("--digest", action="store_true", help="print one digest of all that is said of the mutants")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "cardlint-fuzz", help="folder for failing mutants")
    return parser.parse_args()


def _one(seed: int, index: int, smaller: bool, keep: Path) -> int:
    """Do one mutant; with `smaller` find the smallest one that fails in the same way."""
    made = mutant(seed, index)
    if smaller:
        made = minimised(made)
        for name, data in made.files.items():
            print(f"# file: {name}\n{data.decode('utf-8', 'backslashreplace')}")
        if made.config:
            print(f"# file: cardlint.toml\n{made.config.decode('utf-8', 'backslashreplace')}")
    else:
        _save(keep / f"{seed}-{index}", made)
        print(f"{made.origin}: {oracle.names_of(list(made.files))} in {keep / f'{seed}-{index}'}", flush=True)
    oracle.examine(made)
    print("handled")
    return 0


def _digest(seed: int, indices: range) -> str:
    """Return a digest of what is said of mutants: another process, with other hashes of texts, has to say the same."""
    digest = hashlib.sha256()
    for index in indices:
        made = mutant(seed, index)
        digest.update(repr(sorted(made.files.items())).encode())
        try:
            said = oracle.said(made)
        except Exception as problem:  # noqa: BLE001 - that it fails is told elsewhere
            said = {"failure": type(problem).__name__}
        for name, text in said.items():
            digest.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _keep(folder: Path, seed: int, failure: pool.Failure) -> None:
    target = folder / f"{seed}-{failure.index}"
    _save(target, mutant(seed, failure.index))
    (target / "FAILURE.txt").write_text(
        f"--seed {seed} --only {failure.index}\n{failure.kind}\n{failure.stack}\n", "utf-8", "backslashreplace"
    )


def _save(target: Path, made: Mutant) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name, data in made.files.items():
        file = target / ascii(name)[1:-1].replace("/", "__")[:180]
        file.write_bytes(data)
    (target / "cardlint.toml").write_bytes(made.config)


if __name__ == "__main__":
    raise SystemExit(main())
