"""Bluetooth, plugs, serial ports and instruments: devices of a deployment, and what strangers nearby and wires send."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

SCANNER, NEARBY, ADVERTISED = "bleak.BleakScanner", "bleak.backends.device.BLEDevice", "bleak.backends.scanner.AdvertisementData"
CLIENT = "bleak.BleakClient"
PLUG = "kasa.Device"
OLDER_PLUG = "pyHS100.SmartDevice"
FOUND = ("kasa.Discover", "pyHS100.Discover")
PORT, WIRE = "serial.tools.list_ports_common.ListPortInfo", "serial.Serial"
MANAGER, INSTRUMENT = "pyvisa.ResourceManager", "pyvisa.resources.MessageBasedResource"
KASA = (
    *("SmartDevice", "SmartPlug", "SmartBulb", "SmartStrip", "SmartDimmer", "SmartLightStrip", "Plug", "iot.IotDevice", "iot.IotPlug"),
    *("iot.IotBulb", "iot.IotStrip", "iot.IotDimmer", "smart.SmartDevice"),
)
"""Classes of devices, older and newer (python-kasa, `__init__.py`, `iot` and `smart`)."""

LIBRARY = Library(
    packages=("bleak", "kasa", "pyHS100", "tinytuya", "serial", "pyvisa"),
    rows=(
        *leads(
            *((f"{SCANNER}.{found}[*]", NEARBY) for found in ("discover()", "discovered_devices")),
            *((f"{SCANNER}.{name}()", NEARBY) for name in ("find_device_by_filter",)),
            *(
                (f"{SCANNER}.{found}.values()[*][{place}]", what)
                for found in ("discover()",)
                for place, what in ((0, NEARBY), (1, ADVERTISED))
            ),
            (f"{SCANNER}.discover().items()[*][1][0]", NEARBY),
            (f"{SCANNER}.discover().items()[*][1][1]", ADVERTISED),
            (f"{SCANNER}.discovered_devices_and_advertisement_data.values()[*][0]", NEARBY),
            (f"{SCANNER}.advertisement_data()[*][0]", NEARBY),
            (f"{SCANNER}.advertisement_data()[*][1]", ADVERTISED),
        ),
        *unbounded(
            "server-text",
            "any Bluetooth device nearby",
            *below(NEARBY, ".address", ".name"),
            *below(ADVERTISED, ".local_name"),
            advice=FIXED_SET,
        ),
        *deployment("inventory", "a device that is watched", *below(CLIENT, ".address")),
        *leads(
            *((f"{FOUND[0]}.discover(){part}", PLUG) for part in (".values()[*]", ".items()[*][1]")),
            *((f"{FOUND[1]}.discover(){part}", OLDER_PLUG) for part in (".values()[*]", ".items()[*][1]")),
            ("kasa.Discover.discover_single()", PLUG),
            ("kasa.Device.connect()", PLUG),
            (f"{PLUG}.children[*]", PLUG),
        ),
        *deployment(
            "inventory",
            "a device that is set up",
            *below(PLUG, ".alias", ".host", ".mac", ".device_id", ".model", ".region"),
            *below(OLDER_PLUG, ".alias", ".ip_address", ".mac", ".model"),
            *(f"{found}.discover(){part}" for found in FOUND for part in ("[*]", ".keys()[*]", ".items()[*][0]")),
            *(
                f"tinytuya.deviceScan(){part}[{key}]"
                for part in (".values()[*]", ".items()[*][1]")
                for key in ("ip", "gwId", "name", "mac", "version", "productKey")
            ),
            "tinytuya.deviceScan().items()[*][0]",
        ),
        *bounded(2, "boolean", "whether a device is on", *below(PLUG, ".is_on", ".is_off"), *below(OLDER_PLUG, ".is_on", ".is_off")),
        *unbounded(
            "server-text",
            "what a device sends over a wire",
            *below(WIRE, ".read()", ".readline()", ".read_until()", ".read_all()", ".readlines()[*]", "[*]"),
            *below(INSTRUMENT, ".query()", ".read()", ".read_raw()", ".query_ascii_values()[*]", ".query_binary_values()[*]"),
            advice=LOG,
        ),
        *leads(("serial.tools.list_ports.comports()[*]", PORT), (f"{MANAGER}.open_resource()", INSTRUMENT)),
        *deployment(
            "inventory",
            "a device of the machine",
            *below(PORT, ".device", ".name", ".description", ".hwid", ".serial_number", ".manufacturer", ".product"),
            *below(WIRE, ".port", ".name"),
            f"{MANAGER}.list_resources()[*]",
            f"{INSTRUMENT}.resource_name",
        ),
    ),
    shapes=(
        Shape(
            "bleak",
            (("#0", NEARBY), ("#1", ADVERTISED)),
            passed=f"{SCANNER}()",
            places=("#0", "detection_callback"),
        ),
    ),
    aliases=(
        ("bleak.BLEDevice", NEARBY),
        ("bleak.AdvertisementData", ADVERTISED),
        *((f"kasa.{name}", PLUG) for name in KASA),
        *((f"pyHS100.{name}", OLDER_PLUG) for name in ("SmartPlug", "SmartBulb", "SmartStrip")),
        ("pyvisa.resources.Resource", INSTRUMENT),
        ("pyvisa.highlevel.ResourceManager", MANAGER),
    ),
)
"""bleak 3.1, `BleakScanner`, `BLEDevice` and `AdvertisementData`; python-kasa 0.12, `device.py` and `discover.py`; pyHS100,
`smartdevice.py`; tinytuya 1.20, `scanner.py`; pyserial 3.5, `serialutil.py` and `tools/list_ports_common.py`; PyVISA 1.16, `highlevel.py`
and `resources/messagebased.py`."""
