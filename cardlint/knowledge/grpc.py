"""gRPC: methods, metadata, peers and status."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, bounded, client, leads, unbounded
from cardlint.knowledge.schema import Library, Named, Row, Shape

LIBRARY = Library(
    packages=("grpc",),
    rows=(
        *client(
            50,
            "rpc-method",
            "the RPC method the client named",
            "grpc.HandlerCallDetails.method",
            advice='the method when a handler was found, else "other"',
        ),
        *unbounded(
            "header",
            "metadata from the client",
            "grpc.HandlerCallDetails.invocation_metadata",
            "grpc.ServicerContext.invocation_metadata()",
            "grpc.HandlerCallDetails.invocation_metadata[]",
        ),
        *unbounded("address", "the address of the client", "grpc.ServicerContext.peer()", advice=LOG),
        *bounded(
            17,
            "grpc-code",
            "gRPC status code",
            "grpc.ServicerContext.code()",
            "grpc.RpcError.code()",
            "grpc.RpcError.code().name",
            "grpc.ServicerContext.code().name",
            "grpc.Call.code()",
            *(
                f"grpc.{what}.code(){part}"
                for what in ("Call", "RpcError")
                for part in (".name", ".value", ".value[]", ".value[0]", ".value[1]")[(what == "RpcError") :]
            ),
        ),
        *leads(("grpc.continuation()", "grpc.Call")),
        Row("grpc.StatusCode", "bounded", 17, "grpc-code", "gRPC status code", how="enum", deep=True),
        *unbounded(
            "free-text",
            "the free text of the status",
            "grpc.ServicerContext.details()",
            "grpc.RpcError.details()",
            "grpc.RpcError",
            "grpc.Call.details()",
            advice="the code: `e.code().name`",
        ),
        *bounded(50, "rpc-method", "a method of the client's stub", "grpc.ClientCallDetails.method"),
    ),
    shapes=(
        *(
            Shape("grpc", (("#1", "grpc.HandlerCallDetails"),), base=f"grpc.{owner}ServerInterceptor", method="intercept_service")
            for owner in ("", "aio.")
        ),
        Shape(
            "grpc",
            (("handler_call_details", "grpc.HandlerCallDetails"),),
            method="intercept_service",
            signature=("continuation", "handler_call_details"),
        ),
        *(
            Shape(
                "grpc",
                (("client_call_details", "grpc.ClientCallDetails"),),
                method=f"intercept_{a}_{b}",
                signature=("continuation", "client_call_details"),
            )
            for a in ("unary", "stream")
            for b in ("unary", "stream")
        ),
    ),
    names=(
        Named(("grpc",), "context", "grpc.ServicerContext", ("request",)),
        Named(("grpc",), "context", "grpc.ServicerContext", ("request_iterator",)),
        Named(("grpc",), "continuation", "grpc.continuation", ("client_call_details",)),
    ),
    aliases=(
        ("grpc.aio.ServicerContext", "grpc.ServicerContext"),
        ("grpc.aio.AioRpcError", "grpc.RpcError"),
        ("grpc.aio.ClientCallDetails", "grpc.ClientCallDetails"),
    ),
)
