"""CherryPy: the request of the thread, and the parameters of page handlers."""

from __future__ import annotations

from cardlint.knowledge.rows import bounded
from cardlint.knowledge.schema import Library, Route
from cardlint.knowledge.web import request, response

LIBRARY = Library(
    packages=("cherrypy",),
    rows=(
        *request(
            "cherrypy.request",
            paths=(".path_info", ".query_string", ".request_line"),
            addresses=(".remote.ip", ".remote.name", ".remote.port"),
            users=(".login", ".cookie", ".cookie[]"),
            headers=(".headers", ".headers[]", ".header_list"),
            inputs=(".params", ".params[]", ".body", ".body.read()", ".body.params[]", ".json", ".json[]"),
            ids=(".unique_id",),
            mounts=(".script_name",),
            hosts=(".base",),
            schemes=(".scheme", ".server_protocol"),
        ),
        *bounded(50, "code-name", "the name of a page handler", "cherrypy.request.handler.callable.__name__"),
        *response("cherrypy.response", ".status", texts=(".body", ".body[*]")),
        *bounded(15, "status", "HTTP status", "cherrypy.HTTPError.code", "cherrypy.HTTPError.status"),
    ),
    routes=tuple(Route("cherrypy", f"cherrypy.expose{called}", pattern="#9", others="query") for called in ("", "()")),
    aliases=(
        ("cherrypy.serving.request", "cherrypy.request"),
        ("cherrypy.serving.response", "cherrypy.response"),
        ("cherrypy._cprequest.Request", "cherrypy.request"),
        ("cherrypy._cperror.HTTPError", "cherrypy.HTTPError"),
    ),
)
"""CherryPy 18.10, `_cprequest.py`, `_cperror.py` and `_helper.py`; Tutorials: the parameters of a page handler are those of the query and
the form. CherryPy has no templates of routes: what bounds a path is the name of the handler."""
