"""Partitions: large packages that are analysed in separate processes.

A checkout often holds several packages with few references between them. Each large one is a partition: it is analysed
alone, in its own process where one is free, so no process holds data that only the others need. Declarations of small
packages, and all scripts, belong to the partition of the large package that they use most.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from cardlint.inference import gather, merge
from cardlint.inference.codebase.tree import LinkSettings
from cardlint.inference.program import Program
from cardlint.inference.prometheus.merge import Gathered
from cardlint.parallel.processes import side_by_side
from cardlint.project.project import Account, Project

TOGETHER = 4
"""If one in so many seeds of a package names another package, the two are one partition, because they would read the same files."""


class Linked(Struct, frozen=True):
    """The result of one partition: its findings and the questions that it asked."""

    gathered: Gathered
    account: Account


def in_partitions(project: Project, partitions: Sequence[Sequence[str]], settings: LinkSettings, jobs: int) -> Program:
    """Analyse each partition of the project alone, in parallel where there are processes, and merge the parts.

    The files alone decide the partitions, so a report does not depend on the number of processes.
    """
    done = side_by_side(Linked, [partial(_linked, project, seeds, settings) for seeds in partitions], jobs)
    for linked in done:
        project.add(linked.account)
    return merge([linked.gathered for linked in done], settings)


def _linked(project: Project, seeds: Sequence[str], settings: LinkSettings) -> Linked:
    started = time.perf_counter()
    part = project.part(seeds)
    gathered = gather(part, settings)
    account = part.account()
    inference = time.perf_counter() - started - sum(seconds for _, seconds in account.seconds)
    return Linked(gathered, replace(account, seconds=(*account.seconds, ("inference", inference))))


def split(project: Project) -> list[Sequence[str]]:
    """Return the seeds of each partition, the largest partition first; one partition with all seeds when more would not be faster."""
    large = project.large
    if not large:
        return [project.seeds()]
    seeds: defaultdict[str, list[str]] = defaultdict(list)
    for path in project.seeds():
        seeds[project.layout.top(path)].append(path)
    sizes = Counter(map(project.layout.top, project.paths()))
    naming = {top: frozenset(project.paths()[i] for i in project.naming[top]) for top in large}
    partition_of = {top: top for top in large}
    for top in sorted(seeds, key=lambda top: (-sizes[top], top)):
        uses = {other: sum(path in naming[other] for path in seeds[top]) for other in large if other != top}
        best = max(uses, key=lambda other: (uses[other], other))
        if top not in partition_of:
            partition_of[top] = best if uses[best] else ""
        elif uses[best] * TOGETHER >= len(seeds[top]):
            _join(partition_of, top, best)
    partitions: defaultdict[str, list[str]] = defaultdict(list)
    for top, paths in seeds.items():
        partition = partition_of[top]
        partitions[partition_of.get(partition, partition)].extend(paths)
    weights: Counter[str] = Counter()
    for top, size in sizes.items():
        weights[partition_of.get(partition_of.get(top, top), "")] += size
    return [sorted(partitions[partition]) for partition in sorted(partitions, key=lambda partition: (-weights[partition], partition))]


def _join(partition_of: dict[str, str], one: str, other: str) -> None:
    """Join two large packages to one partition, with everything that belongs to either."""
    old, new = partition_of[one], partition_of[other]
    for top, partition in partition_of.items():
        if partition == old:
            partition_of[top] = new
