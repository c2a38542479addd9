"""Calls the gRPC server on a real port, also methods that it does not have."""

import contextlib
from typing import Any

import grpc
from prometheus_client import generate_latest

OWN = (("grpc.use_local_subchannel_pool", 1),)
"""Each channel is a client of its own, with a connection of its own."""


def drive(app: Any, count: int) -> str:
    import orders_pb2_grpc

    server, port = app.serve()
    for n in range(count):
        with contextlib.suppress(grpc.RpcError), grpc.insecure_channel(f"127.0.0.1:{port}", OWN) as channel:
            stub = orders_pb2_grpc.OrdersStub(channel)
            metadata = (("x-client", f"client {n}"),)
            stub.Place({"customer": f"c{n}", "kind": f"kind {n}"}, metadata=metadata)
            list(stub.Watch({"order": f"order {n}"}))
        with contextlib.suppress(grpc.RpcError), grpc.insecure_channel(f"127.0.0.1:{port}", OWN) as channel:
            orders_pb2_grpc.OrdersStub(channel).Place({"customer": f"c{n}", "kind": f"kind {n}7"})
        with contextlib.suppress(grpc.RpcError), grpc.insecure_channel(f"127.0.0.1:{port}", OWN) as channel:
            channel.unary_unary(f"/shop.Orders/Method{n}")(b"")
    server.stop(None).wait()
    return generate_latest().decode()
