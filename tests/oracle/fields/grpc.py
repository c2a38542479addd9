"""What gRPC passes and holds, each value in a label of its own."""

from __future__ import annotations

import json
from typing import Any

import grpc
from prometheus_client import generate_latest

SERVICE = """\
import json
from concurrent import futures
import grpc
from prometheus_client import Counter, generate_latest


# metrics
class I(grpc.ServerInterceptor):
    def intercept_service(self, continuation, handler_call_details):
        # fields: before
        handler = continuation(handler_call_details)
        # fields: after
        return handler


class CI(grpc.UnaryUnaryClientInterceptor):
    def intercept_unary_unary(self, continuation, client_call_details, request):
        # fields: client
        call = continuation(client_call_details, request)
        # fields: called
        return call


class S:
    def Place(self, request, context):
        # fields: place
        if request["n"] % 2:
            context.abort(grpc.StatusCode.NOT_FOUND, f"no {request['n']}")
        return {}


def serve():
    server = grpc.server(futures.ThreadPoolExecutor(2), interceptors=[I()])
    s = S()
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler(
                "x.Y",
                {
                    "Place": grpc.unary_unary_rpc_method_handler(
                        s.Place, request_deserializer=json.loads, response_serializer=lambda m: b"{}"
                    )
                },
            ),
        )
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def call(stub, message, metadata):
    try:
        return stub(message, metadata=metadata)
    except grpc.RpcError as e:
        # fields: err
        pass
"""

FIELDS = {
    "before": """
        handler_call_details.method
        handler_call_details.method.split("/")[1]
        handler_call_details.method.rsplit("/", 1)[-1]
        dict(handler_call_details.invocation_metadata).get("x-client")
        dict(handler_call_details.invocation_metadata)["user-agent"]
    """,
    "after": """
        handler_call_details.method if handler else "unknown"
        handler_call_details.method if handler is not None else "unknown"
        type(handler).__name__
        handler.request_streaming if handler else "none"
    """,
    "client": """
        client_call_details.method
        client_call_details.timeout
        client_call_details.metadata
        client_call_details.method.split("/")[-1]
    """,
    "called": """
        call.code()
        call.code().name
        call.details()
        str(call.code())
    """,
    "place": """
        context.peer()
        context.peer().split(":")[0]
        context.code()
        context.details()
        dict(context.invocation_metadata()).get("x-client")
        request["name"]
        request["n"]
        type(request).__name__
        context.time_remaining()
        self.__class__.__name__
        context.auth_context()
        context.peer_identities()
        context.is_active()
    """,
    "err": """
        e.code()
        e.code().name
        e.code().value[0]
        e.code().value[1]
        e.details()
        str(e)
        type(e).__name__
        repr(e)
    """,
}


OWN = (("grpc.use_local_subchannel_pool", 1),)


def drive(app: Any, count: int) -> str:
    server, port = app.serve()
    for n in range(count * 2):
        with grpc.insecure_channel(f"127.0.0.1:{port}", OWN) as ch:
            ic = grpc.intercept_channel(ch, app.CI())
            stub = ic.unary_unary("/x.Y/Place", request_serializer=lambda m: json.dumps(m).encode(), response_deserializer=json.loads)
            app.call(stub, {"n": n, "name": f"m{n}"}, (("x-client", f"c{n}"),))
            app.call(ch.unary_unary(f"/x.Y/M{n}", request_serializer=lambda m: json.dumps(m).encode()), {"n": n}, None)
    server.stop(None).wait()
    return generate_latest().decode()
