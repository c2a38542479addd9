"""Packets and names: what Scapy sees on a network, and the questions that a server of dnslib is asked."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Shape

PACKET, LAYER = "scapy.packet.Packet", "scapy.layer"
QUESTION, HANDLER = "dnslib.DNSRecord", "dnslib.server.DNSHandler"

LIBRARY = Library(
    packages=("scapy", "dnslib"),
    rows=(
        *leads(
            (f"{PACKET}[]", LAYER),
            (f"{PACKET}.getlayer()", LAYER),
            ("scapy.all.sniff()[*]", PACKET),
            ("scapy.all.rdpcap()[*]", PACKET),
            (f"{QUESTION}.parse()", QUESTION),
            *((f"{QUESTION}.questions[{index}]", f"{QUESTION}.q") for index in ("*", "0")),
        ),
        *unbounded(
            "address", "an address of a packet", *(f"{owner}.{end}" for owner in (PACKET, LAYER) for end in ("src", "dst")), advice=LOG
        ),
        *unbounded("address", "an address of a packet", *below(LAYER, ".psrc", ".pdst", ".hwsrc", ".hwdst"), advice=LOG),
        *unbounded(
            "body",
            "the content of a packet",
            *(f"{owner}.{name}" for owner in (PACKET, LAYER) for name in ("load", "payload.load", "summary()", "time")),
            *below(LAYER, ".qname", ".qd.qname"),
            advice=LOG,
        ),
        *bounded(256, "code", "the number of a protocol", f"{LAYER}.proto"),
        *bounded(50, "class-name", "the class of a layer", f"{PACKET}.name", f"{LAYER}.name", f"{PACKET}.lastlayer().name"),
        *unbounded("body", "the name that a client asks for", f"{QUESTION}.q.qname", f"{QUESTION}.get_q().qname", advice=LOG),
        *client(90, "code", "the type of an answer that a client asks for", f"{QUESTION}.q.qtype", "dnslib.QTYPE[]", "dnslib.QTYPE.get()"),
        *client(6, "code", "the class of an answer that a client asks for", f"{QUESTION}.q.qclass", "dnslib.CLASS[]"),
        *bounded(16, "code", "the code of an answer", f"{QUESTION}.header.rcode", f"{QUESTION}.header.get_rcode()", "dnslib.RCODE[]"),
        *unbounded("address", "the address of the client", f"{HANDLER}.client_address", advice=LOG),
        *bounded(2, "scheme", "the protocol of a question", f"{HANDLER}.protocol"),
    ),
    shapes=(
        Shape("dnslib", (("#0", QUESTION), ("#1", HANDLER)), base="dnslib.server.BaseResolver", method="resolve"),
        *(
            Shape("scapy", (("#0", PACKET),), passed=f"scapy.{module}.{name}()", places=("prn", "lfilter"))
            for module in ("all", "sendrecv")
            for name in ("sniff", "AsyncSniffer")
        ),
    ),
    names=(Named(("scapy",), "pkt", PACKET), Named(("scapy",), "packet", PACKET)),
    aliases=(
        ("dnslib.dns.DNSRecord", QUESTION),
        ("dnslib.dns.QTYPE", "dnslib.QTYPE"),
        ("scapy.all.Packet", PACKET),
        ("scapy.sendrecv.sniff()[*]", "scapy.all.sniff()[*]"),
    ),
)
"""Scapy 2.6, Usage: Sniffing; dnslib 0.9.26, `dns.QTYPE`, `dns.DNSQuestion` and `server.BaseResolver`."""
