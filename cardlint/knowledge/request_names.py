"""Words that tell a request of a web framework, and those that tell another one."""

from __future__ import annotations

REQUEST = "any_request.Request"
"""The path of a request of which only the name is known: see `any_request`."""
NAMES = ("request", "req", "http_request", "_request")
"""Usual names of parameters that are a request."""
NOT_BESIDE = frozenset({"context", "ctx", "spider", "servicer", "info", "timeout", "session", "exc", "chat_id"})
"""Parameters of the same function that show it is the request of something else: an RPC method, a crawler, a client."""
CLASSES = frozenset({"Request", "HttpRequest", "HTTPRequest", "WebRequest", "WSGIRequest", "ASGIRequest", "BaseRequest"})
"""Names of classes of requests, for a class that is outside of the analysed files and of which nothing is known."""
CLIENTS = frozenset({"requests", "httpx", "urllib3", "urllib", "scrapy", "grpc", "selenium", "playwright", "googleapiclient", "niquests"})
"""Packages whose requests go out: a file that imports one and no web framework may speak of those."""
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "dispatch", "prepare", "on_finish", "process_request"})
"""Methods of a handler whose `self.request` is the request that it answers (Django, View; Tornado, RequestHandler; aiohttp, View)."""
