"""psutil: processes, disks and network cards."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Row

PROCESS, OWN = "psutil.Process", "psutil.own_process"
OF_A_PROCESS = ("pid", "ppid", "name", "exe", "cmdline", "cwd", "create_time", "environ")
"""What differs from one process to the next. Any program can be started, and threads of the kernel have numbers in their names. The
account of a process is left out: on most machines it is one of a few, and on some it is a person."""
CONNECTIONS = ("psutil.net_connections()[*]", f"{PROCESS}.net_connections()[*]", f"{PROCESS}.connections()[*]")
PER_DEVICE = (
    *("net_io_counters", "disk_io_counters", "net_if_addrs", "net_if_stats"),
    *("sensors_temperatures", "sensors_fans"),
)
"""Functions that return a dictionary with a key for each device."""

LIBRARY = Library(
    packages=("psutil",),
    rows=(
        *unbounded(
            "process",
            "a process of the machine",
            "psutil.pids()[*]",
            f"{PROCESS}.pid",
            *(f"{PROCESS}.{name}()" for name in OF_A_PROCESS if name != "pid"),
            *(f"{PROCESS}.{held}[{name}]" for held in ("info", "as_dict()") for name in OF_A_PROCESS),
            *below(PROCESS, ".threads()[*].id", ".open_files()[*].path"),
            *(f"{connection}.pid" for connection in CONNECTIONS[:1]),
        ),
        Row("psutil.Process()", returns=PROCESS, how=f"fixed:{OWN}", why="the process itself"),
        *leads(
            ("psutil.process_iter()[*]", PROCESS),
            *((f"{owner}.{name}()[*]", PROCESS) for owner in (PROCESS, OWN) for name in ("children", "parents")),
            *((f"{owner}.parent()", PROCESS) for owner in (PROCESS, OWN)),
        ),
        *deployment("process", "the id of a process, new with every restart", f"{OWN}.pid", f"{OWN}.ppid()"),
        *deployment("config", "how the process was started", *below(OWN, ".name()", ".username()", ".exe()")),
        *bounded(15, "state", "state of a process", *below(PROCESS, ".status()", ".info[status]", ".as_dict()[status]"), f"{OWN}.status()"),
        *bounded(13, "state", "state of a connection", *(f"{connection}.status" for connection in CONNECTIONS)),
        *unbounded(
            "address",
            "the address of the other end of a connection",
            *(f"{connection}.raddr" for connection in CONNECTIONS),
            advice=LOG,
        ),
        *unbounded("identity", "a user with a session on the machine", "psutil.users()[*].name", advice=LOG),
        *unbounded("address", "the machine that a user is logged in from", "psutil.users()[*].host", advice=LOG),
        *deployment(
            "inventory",
            "a disk or network card",
            *below("psutil.disk_partitions()[*]", ".device", ".mountpoint", ".fstype", ".opts"),
            *(f"psutil.{name}(){part}" for name in PER_DEVICE for part in ("[*]", ".keys()[*]", ".items()[*][0]")),
            *(
                f"psutil.sensors_{name}(){part}[*].label"
                for name in ("temperatures", "fans")
                for part in (".items()[*][1]", ".values()[*]")
            ),
        ),
    ),
)
"""psutil 7, API: Processes, Disks, Network, Sensors, Other system info; Constants: Process status, Connections."""
