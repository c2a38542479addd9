"""Lanes: the parts of a tree that are followed on their own.

A tree often holds several packages side by side that have little to do with each other. Each large one is a lane: it is
linked alone, in a process of its own where there is one to spare, and no process holds what only the others need. What
small packages declare, and all scripts, goes with the large package that they use most.
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
from cardlint.project import Account, Project
from cardlint.workers import side_by_side

TOGETHER = 4
"""Of the seeds of a package, one in so many that name another makes the two one lane: they would read the same files."""


class Lane(Struct, frozen=True):
    """What comes of linking one lane: what it has found, and what it has asked."""

    gathered: Gathered
    account: Account


def in_lanes(project: Project, lanes: Sequence[Sequence[str]], settings: LinkSettings, jobs: int) -> Program:
    """Link each lane of the project on its own, side by side where there are processes, and put the parts together.

    What is a lane is settled by the tree alone, so that a report never tells how many processes made it.
    """
    done = side_by_side(Lane, [partial(_lane, project, seeds, settings) for seeds in lanes], jobs)
    for lane in done:
        project.add(lane.account)
    return merge([lane.gathered for lane in done], settings)


def _lane(project: Project, seeds: Sequence[str], settings: LinkSettings) -> Lane:
    started = time.perf_counter()
    part = project.part(seeds)
    gathered = gather(part, settings)
    account = part.account()
    inference = time.perf_counter() - started - sum(seconds for _, seconds in account.seconds)
    return Lane(gathered, replace(account, seconds=(*account.seconds, ("inference", inference))))


def split(project: Project) -> list[Sequence[str]]:
    """Return the seeds of each lane, the largest lane first; one lane with all of them when nothing is gained by more."""
    large = project.large
    if not large:
        return [project.seeds()]
    seeds: defaultdict[str, list[str]] = defaultdict(list)
    for path in project.seeds():
        seeds[project.layout.top(path)].append(path)
    sizes = Counter(map(project.layout.top, project.paths()))
    naming = {top: frozenset(project.paths()[i] for i in project.naming[top]) for top in large}
    lane_of = {top: top for top in large}
    for top in sorted(seeds, key=lambda top: (-sizes[top], top)):
        uses = {other: sum(path in naming[other] for path in seeds[top]) for other in large if other != top}
        best = max(uses, key=lambda other: (uses[other], other))
        if top not in lane_of:
            lane_of[top] = best if uses[best] else ""
        elif uses[best] * TOGETHER >= len(seeds[top]):
            _join(lane_of, top, best)
    lanes: defaultdict[str, list[str]] = defaultdict(list)
    for top, paths in seeds.items():
        lane = lane_of[top]
        lanes[lane_of.get(lane, lane)].extend(paths)
    weights: Counter[str] = Counter()
    for top, size in sizes.items():
        weights[lane_of.get(lane_of.get(top, top), "")] += size
    return [sorted(lanes[lane]) for lane in sorted(lanes, key=lambda lane: (-weights[lane], lane))]


def _join(lane_of: dict[str, str], one: str, other: str) -> None:
    """Make two large packages one lane, with all that belongs to either already."""
    old, new = lane_of[one], lane_of[other]
    for top, lane in lane_of.items():
        if lane == old:
            lane_of[top] = new
