"""MCP servers: the arguments of a tool and the parts of the URI of a resource, which a client chooses."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Library, Route, Shape

SERVERS = ("mcp.server.fastmcp.FastMCP", "mcp.server.mcpserver.MCPServer", "fastmcp.FastMCP")
LOW = "mcp.server.lowlevel.Server"
"""The server on which handlers of requests are set one by one."""
CALLED, RESOURCE, COMPLETED = "mcp.called", "mcp.resource", "mcp.completed"
HANDLERS = (
    ("call_tool", (("#0", f"{CALLED}.name"), ("#1", f"{CALLED}.arguments"))),
    ("get_prompt", (("#0", f"{CALLED}.name"), ("#1", f"{CALLED}.arguments"))),
    ("read_resource", (("#0", RESOURCE),)),
    ("subscribe_resource", (("#0", RESOURCE),)),
    ("unsubscribe_resource", (("#0", RESOURCE),)),
    ("completion", (("#1", COMPLETED),)),
    ("set_logging_level", (("#0", "mcp.level"),)),
)
"""Decorators of the server and what their functions get (MCP Python SDK 1.19, `server/lowlevel/server.py`)."""
PASSED = (
    (("on_call_tool", "on_get_prompt"), CALLED),
    (("on_read_resource", "on_subscribe_resource", "on_unsubscribe_resource"), "mcp.read"),
    (("on_completion",), "mcp.completion"),
)
"""Arguments of the server whose functions get a context and parameters (MCP Python SDK 2.3, the same file)."""

LIBRARY = Library(
    packages=("mcp", "fastmcp"),
    rows=(
        *client(
            20,
            "operation",
            "the name of the tool or prompt that a client asks for",
            f"{CALLED}.name",
            advice='`x if x in TOOLS else "other"`, where `TOOLS` holds the names that you serve',
        ),
        *unbounded("body", "an argument that a client of the server sends", f"{CALLED}.arguments", COMPLETED, advice=LOG),
        *unbounded("raw-path", "the URI of a resource", RESOURCE, advice=LOG),
        *bounded(8, "log-level", "a level of the log", "mcp.level"),
        *leads(("mcp.read.uri", RESOURCE), ("mcp.completion.argument", COMPLETED)),
    ),
    shapes=(
        *(Shape("mcp", given, decorator=f"{LOW}.{name}()") for name, given in HANDLERS),
        *(Shape("mcp", (("#1", path),), passed=f"{LOW}()", places=places) for places, path in PASSED),
    ),
    routes=(
        *(Route("mcp", f"{server}.tool{called}", validates="annotations", others="query") for server in SERVERS for called in ("()", "")),
        *(Route("mcp", f"{server}.resource()", validates="annotations") for server in SERVERS),
    ),
    aliases=(
        ("mcp.server.fastmcp.server.FastMCP", SERVERS[0]),
        ("mcp.server.FastMCP", SERVERS[0]),
        ("mcp.server.MCPServer", SERVERS[1]),
        ("fastmcp.server.FastMCP", SERVERS[2]),
        ("mcp.server.Server", LOW),
        ("mcp.server.lowlevel.server.Server", LOW),
    ),
)
"""MCP Python SDK, README: Tools, Resources, Low-Level Server; FastMCP 2, Tools. Arguments are validated against the annotations of the
function."""
