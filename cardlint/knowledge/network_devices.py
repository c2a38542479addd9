"""SNMP clients, netmiko and NAPALM: the parts of network devices, and texts that the devices send."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Row

ANSWERED = "the value that a device sent"
SNMP = "pysnmp.hlapi.asyncio"
ASKED = ("get_cmd()", "next_cmd()", "bulk_cmd()", "walk_cmd()[*]", "bulk_walk_cmd()[*]")
OLDER = ("getCmd()", "nextCmd()", "bulkCmd()")
"""Functions of pysnmp before 7: coroutines of `asyncio`, and generators of `hlapi`."""
SESSION, VARIABLE = "easysnmp.Session", "easysnmp.variables.SNMPVariable"
WRAPPER = "puresnmp.PyWrapper"
DRIVER = "napalm.base.base.NetworkDriver"
KEYED = ("get_interfaces()", "get_interfaces_counters()", "get_lldp_neighbors()", "get_interfaces_ip()", "get_optics()")
"""Dictionaries by the name of an interface."""


def _keys(*dictionaries: str) -> tuple[str, ...]:
    return tuple(f"{one}{part}" for one in dictionaries for part in ("[*]", ".keys()[*]", ".items()[*][0]"))


def _snmp() -> tuple[Row, ...]:
    answers = (
        *(f"{SNMP}.{name}" for name in (*ASKED, *OLDER)),
        *(f"pysnmp.hlapi.{name}[*]" for name in OLDER),
    )
    return (
        *unbounded(
            "server-text",
            ANSWERED,
            *(f"{answer}[3][{index}][1]" for answer in answers for index in ("*", "0")),
            *below(VARIABLE, ".value"),
            *below(WRAPPER, ".get()", ".walk()[*].value", ".bulkwalk()[*].value", ".multiwalk()[*].value", ".multiget()[*]"),
            advice=LOG,
        ),
        *bounded(19, "error-code", "status of an answer of SNMP", *(f"{answer}[1].prettyPrint()" for answer in answers)),
        *leads(
            *((f"{SESSION}.{name}()", VARIABLE) for name in ("get", "get_next")),
            *((f"{SESSION}.{name}()[*]", VARIABLE) for name in ("get_bulk", "walk", "bulkwalk")),
            *((f"easysnmp.snmp_{name}()", VARIABLE) for name in ("get", "get_next")),
            *((f"easysnmp.snmp_{name}()[*]", VARIABLE) for name in ("get_bulk", "walk", "bulkwalk")),
            (f"{VARIABLE}[*]", VARIABLE),
        ),
    )


def _consoles() -> tuple[Row, ...]:
    connection = "netmiko.ConnectHandler"
    return (
        *unbounded(
            "server-text",
            "what a device prints",
            *(
                f"{connection}.{name}()"
                for name in (
                    *("send_command", "send_command_timing", "send_config_set", "send_multiline", "send_command_expect"),
                    *("read_channel", "read_until_prompt", "enable"),
                )
            ),
            advice=LOG,
        ),
        *deployment("inventory", "a device that is watched", *below(connection, ".host", ".base_prompt", ".device_type", ".find_prompt()")),
    )


def _napalm() -> tuple[Row, ...]:
    facts = f"{DRIVER}.get_facts()"
    return (
        *leads(("napalm.get_network_driver()()", DRIVER)),
        *deployment(
            "inventory",
            "a device that is watched",
            *below(facts, "[hostname]", "[fqdn]", "[vendor]", "[model]", "[os_version]", "[serial_number]"),
            f"{DRIVER}.hostname",
        ),
        *deployment(
            "inventory",
            "an interface of a device",
            f"{facts}[interface_list][*]",
            *_keys(*(f"{DRIVER}.{name}" for name in KEYED)),
            *(f"{DRIVER}.{table}()[*][interface]" for table in ("get_arp_table", "get_mac_address_table", "get_ipv6_neighbors_table")),
            *(f"{DRIVER}.get_lldp_neighbors().items()[*][1][*]{name}" for name in ("[hostname]", "[port]")),
        ),
        *deployment(
            "inventory",
            "a neighbour in the routing of a device",
            *_keys(f"{DRIVER}.get_bgp_neighbors()"),
            *below(f"{DRIVER}.get_bgp_neighbors()[][]", "[*]", ".keys()[*]"),
            *_keys(f"{DRIVER}.get_bgp_neighbors().items()[*][1][peers]"),
            *_keys(f"{DRIVER}.get_vlans()", f"{DRIVER}.get_network_instances()"),
        ),
        *unbounded(
            "address",
            "the address of a machine in the network",
            *(f"{DRIVER}.get_arp_table()[*]{name}" for name in ("[ip]", "[mac]")),
            *(f"{DRIVER}.get_ipv6_neighbors_table()[*]{name}" for name in ("[ip]", "[mac]")),
            f"{DRIVER}.get_mac_address_table()[*][mac]",
            advice=LOG,
        ),
        *unbounded("server-text", "what a device prints", f"{DRIVER}.cli()[]", *below(f"{DRIVER}.get_config()", "[running]"), advice=LOG),
    )


LIBRARY = Library(
    packages=("pysnmp", "easysnmp", "puresnmp", "netmiko", "napalm"),
    rows=(*_snmp(), *_consoles(), *_napalm()),
    aliases=(
        ("pysnmp.hlapi.v3arch.asyncio", SNMP),
        ("pysnmp.hlapi.v1arch.asyncio", SNMP),
        ("easysnmp.session.Session", SESSION),
        ("easysnmp.SNMPVariable", VARIABLE),
        ("puresnmp.api.pythonic.PyWrapper", WRAPPER),
        ("netmiko.Netmiko", "netmiko.ConnectHandler"),
        ("netmiko.BaseConnection", "netmiko.ConnectHandler"),
        ("netmiko.base_connection.BaseConnection", "netmiko.ConnectHandler"),
        ("napalm.base.get_network_driver()", "napalm.get_network_driver()"),
        ("napalm.base.NetworkDriver", DRIVER),
    ),
)
"""pysnmp 7.1, `hlapi/v3arch/asyncio/cmdgen.py`; easysnmp 0.2, Session and SNMPVariable; puresnmp 2.0, `api/pythonic.py`; netmiko 4.8,
`base_connection.py`; NAPALM 5.2, `base/base.py` and `base/models.py`. Objects of SNMP hold numbers, names and texts alike, so that each
value is a text of the device."""
