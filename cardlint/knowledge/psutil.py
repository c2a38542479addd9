"""psutil: processes, disks and network cards (knowledge B and C)."""

from __future__ import annotations

from cardlint.knowledge.rows import deployment, unbounded
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=("psutil",),
    rows=(
        *unbounded("process", "a process of the machine", "psutil.process_iter()[*].pid", "psutil.process_iter()[*].name()", "psutil.process_iter()[*].cmdline()", "psutil.Process.pid", "psutil.Process.name()", "psutil.process_iter()[*].info[]"),
        *deployment("inventory", "a disk or network card", "psutil.disk_partitions()[*].device", "psutil.disk_partitions()[*].mountpoint", "psutil.disk_partitions()[*].fstype", "psutil.net_if_addrs()[*]", "psutil.net_io_counters().items()[*][0]", "psutil.net_io_counters()[*]"),
    ),
)  # fmt: skip
