"""MCP servers: the arguments of a tool and the parts of the URI of a resource, which a client chooses."""

from __future__ import annotations

from cardlint.knowledge.schema import Library, Route

SERVERS = ("mcp.server.fastmcp.FastMCP", "mcp.server.mcpserver.MCPServer", "fastmcp.FastMCP")

LIBRARY = Library(
    packages=("mcp", "fastmcp"),
    routes=(
        *(Route("mcp", f"{server}.tool{called}", validates="annotations", others="query") for server in SERVERS for called in ("()", "")),
        *(Route("mcp", f"{server}.resource()", validates="annotations") for server in SERVERS),
    ),
    aliases=(
        ("mcp.server.fastmcp.server.FastMCP", SERVERS[0]),
        ("mcp.server.FastMCP", SERVERS[0]),
        ("mcp.server.MCPServer", SERVERS[1]),
        ("fastmcp.server.FastMCP", SERVERS[2]),
    ),
)
"""MCP Python SDK, README: Tools, Resources; FastMCP 2, Tools. Arguments are validated against the annotations of the function."""
