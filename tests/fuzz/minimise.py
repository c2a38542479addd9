"""Makes a failing mutant smaller: files, then lines, then tokens are left out as long as the same failure comes back.

Each try runs in a child, so that a mutant that ends the process or hangs can be made smaller, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.fuzz import oracle, pool
from tests.fuzz.mutants import Mutant
from tests.fuzz.mutations import TOKEN

TRIES = 3_000


def failure(mutant: Mutant) -> str:
    """Return the cause of a mutant's failure, '' where it is handled."""
    found = [event for event in pool.work_through(lambda _: oracle.examine(mutant), range(1), 1, None) if isinstance(event, pool.Failure)]
    return found[0].key if found else ""


def minimised(mutant: Mutant) -> Mutant:
    """Return a smaller mutant with the same failure, or the same one where there is none."""
    cause = failure(mutant)
    if not cause:
        return mutant
    left = [TRIES]

    def fails(candidate: Mutant) -> bool:
        left[0] -= 1
        return left[0] > 0 and failure(candidate) == cause

    if fails(bare := mutant._replace(config=b"")):
        mutant = bare
    for name in list(mutant.files):
        rest = {other: data for other, data in mutant.files.items() if other != name}
        if rest and fails(smaller := mutant._replace(files=rest)):
            mutant = smaller
    for split in (lambda data: data.splitlines(keepends=True), TOKEN.findall):
        for name in list(mutant.files):

            def holds(parts: Sequence[bytes], name: str = name, base: Mutant = mutant) -> bool:
                return fails(base._replace(files={**base.files, name: b"".join(parts)}))

            kept = _reduced(split(mutant.files[name]), holds)
            mutant = mutant._replace(files={**mutant.files, name: b"".join(kept)})
    return mutant


def _reduced(parts: Sequence[bytes], holds: Callable[[Sequence[bytes]], bool]) -> Sequence[bytes]:
    """Leave out ever smaller pieces while what is left still fails."""
    size = max(1, len(parts) // 2)
    while True:
        at = 0
        while at < len(parts):
            rest = [*parts[:at], *parts[at + size :]]
            if rest and holds(rest):
                parts = rest
            else:
                at += size
        if size == 1:
            return parts
        size //= 2
