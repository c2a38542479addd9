"""psutil: processes, disks and network cards."""

from __future__ import annotations

from cardlint.knowledge.rows import deployment, unbounded
from cardlint.knowledge.schema import Library, Row

LIBRARY = Library(
    packages=("psutil",),
    rows=(
        *unbounded(
            "process",
            "a process of the machine",
            "psutil.process_iter()[*].pid",
            "psutil.process_iter()[*].name()",
            "psutil.process_iter()[*].cmdline()",
            "psutil.Process.pid",
            "psutil.Process.name()",
            "psutil.Process.exe()",
            "psutil.Process.cmdline()",
            "psutil.process_iter()[*].info[]",
        ),
        Row("psutil.Process()", returns="psutil.Process", how="fixed:psutil.own_process", why="the process itself"),
        *deployment("process", "the id of a process, new with every restart", "psutil.own_process.pid", "psutil.own_process.ppid()"),
        *deployment(
            "config",
            "how the process was started",
            "psutil.own_process.name()",
            "psutil.own_process.username()",
            "psutil.own_process.exe()",
        ),
        *unbounded("process", "a process of the machine", "psutil.pids()[*]"),
        *deployment(
            "inventory",
            "a disk or network card",
            "psutil.disk_partitions()[*].device",
            "psutil.disk_partitions()[*].mountpoint",
            "psutil.disk_partitions()[*].fstype",
            "psutil.net_if_addrs()[*]",
            "psutil.net_io_counters().items()[*][0]",
            "psutil.net_io_counters()[*]",
        ),
    ),
)
