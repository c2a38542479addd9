"""Flask, Quart and Werkzeug."""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, LOG, USER, below, bounded, client, parameters, people, transfer, unbounded
from cardlint.knowledge.schema import Framework, Library, Named, Route, Row, Shape
from cardlint.knowledge.web import request, response
from cardlint.knowledge.wsgi import environment

REQUEST = "flask.request"
PARSER = "flask_restful.reqparse.RequestParser"
VERBS = ("route", "get", "post", "put", "patch", "delete")

LIBRARY = Library(
    packages=("flask", "quart", "werkzeug", "flask_login", "flask_jwt_extended", "connexion", "flask_restful", "flask_restx"),
    rows=(
        *request(
            REQUEST,
            paths=(".path", ".full_path", ".url", ".base_url", ".root_url", ".url_root", ".query_string"),
            addresses=(".remote_addr", ".access_route", ".access_route[]"),
            users=(".authorization", ".authorization.username", ".remote_user", ".cookies", ".cookies[]", ".cookies.get()"),
            headers=(
                ".headers",
                ".headers[]",
                ".user_agent",
                ".user_agent.string",
                ".referrer",
                ".origin",
                ".range",
                ".if_match",
                ".if_none_match",
                ".if_modified_since",
                ".date",
                ".content_length",
                ".content_encoding",
            ),
            inputs=(
                ".stream",
                ".args",
                ".args[]",
                ".form",
                ".form[]",
                ".values",
                ".values[]",
                ".json",
                ".json[]",
                ".get_json()",
                ".get_json()[]",
                ".get_data()",
                ".data",
                ".files",
                ".files[]",
            ),
            params=(".view_args", ".view_args[]"),
            hosts=(".host", ".host_url"),
            mounts=(".script_root", ".root_path"),
            schemes=(".scheme", ".is_secure"),
            routes=(".url_rule.rule", ".url_rule", ".endpoint", ".blueprint", ".url_rule.endpoint", ".blueprints"),
            content_types=(".content_type",),
        ),
        *client(20, "content-type", "the media type the client sent", REQUEST + ".mimetype"),
        *transfer(
            "best",
            "one of those offered",
            *below(REQUEST, *(f".accept_{what}.best_match()" for what in ("languages", "mimetypes", "charsets", "encodings"))),
        ),
        *unbounded(
            "header",
            "a header from the client",
            *below(
                REQUEST,
                *(f".accept_{what}{part}" for what in ("languages", "mimetypes", "charsets", "encodings") for part in (".best", "[]")),
            ),
            advice="`best_match` of those you offer",
        ),
        *transfer("added", "the arguments of a request", f"{PARSER}.parse_args()"),
        *transfer("attribute", "what was stored for this request", "flask.g.get()", "flask.g.pop()"),
        *transfer(
            "route-url", "the URL of a route", "flask.url_for()", "flask.Flask.url_for()", "flask.current_app.url_for()", "quart.url_for()"
        ),
        *environment(REQUEST + ".environ"),
        *client(3, "scheme", "the authorization scheme the client named", REQUEST + ".authorization.type"),
        *unbounded("identity", "the session of the client", "flask.session[]", "flask.session.get()", advice=LOG),
        *people(
            USER,
            "flask.g.user",
            "flask.g.user_id",
            "flask.g.current_user",
            "flask_login.current_user",
            "flask_login.current_user.id",
            "flask_login.current_user.get_id()",
            "flask_jwt_extended.get_jwt_identity()",
        ),
        *parameters("a claim of a token", "flask_jwt_extended.get_jwt()[]"),
        Row("connexion.body", "unbounded", None, "body", "the body of the request", advice=FIXED_SET, deep=True, likely=True),
        *unbounded("identity", "the id of one connection", REQUEST + ".sid", advice=LOG),  # Flask-SocketIO, Handling Sessions
        *unbounded("identity", "the id of one request", "flask.g.request_id", "flask.g.trace_id", "flask.g.correlation_id", advice=LOG),
        *response("flask.Response", ".status_code", ".status", texts=(".data", ".get_data()")),
        *bounded(20, "content-type", "media type of a response", "flask.Response.mimetype", "flask.Response.content_type"),
        *response("werkzeug.exceptions.HTTPException", ".code", ".name", texts=("", ".description")),
        *bounded(50, "template", "route template", "werkzeug.routing.Rule.rule", "werkzeug.routing.Rule.endpoint"),
    ),
    shapes=(
        *(
            Shape("flask", (("#0", "flask.Response"),), decorator=f"{owner}.{hook}")
            for owner in ("flask.Flask", "flask.Blueprint")
            for hook in ("after_request", "after_app_request")
        ),
        *(
            Shape("flask", (("#0", "builtins.BaseException"),), decorator=f"{owner}.{hook}")
            for owner in ("flask.Flask", "flask.Blueprint")
            for hook in ("errorhandler()", "app_errorhandler()", "teardown_request", "teardown_appcontext")
        ),
    ),
    routes=(
        *(
            Route("flask", f"{owner}.{verb}()", syntax="<>", whole=owner == "flask.Flask")
            for owner in ("flask.Flask", "flask.Blueprint")
            for verb in VERBS
        ),
        *(
            Route("flask", f"{owner}.add_url_rule()", syntax="<>", handler="#2", keyword="view_func")
            for owner in ("flask.Flask", "flask.Blueprint")
        ),
        *(
            Route("flask", f"{owner}.add_resource()", "#1", "<>", handler="#0", keyword="resource")
            for owner in ("flask_restful.Api", "flask_restx.Api", "flask_restx.Namespace")
        ),
        *(Route("flask", f"{owner}.route()", syntax="<>") for owner in ("flask_restx.Api", "flask_restx.Namespace")),
    ),
    framework=Framework("flask", ("flask", "quart", "werkzeug"), 'request.url_rule.rule if request.url_rule else "unmatched"'),
    names=(Named(("connexion",), "body", "connexion.body"),),  # Connexion, Request Handling: Automatic parameter handling
    aliases=(
        ("flask_restx.reqparse.RequestParser", PARSER),
        *((f"flask_restx.{owner}.parser()", PARSER) for owner in ("Api", "Namespace")),
        ("flask.globals.request", REQUEST),
        ("flask.Request", REQUEST),
        ("flask.wrappers.Request", REQUEST),
        ("werkzeug.wrappers.Request", REQUEST),
        ("werkzeug.Request", REQUEST),
        ("quart.request", REQUEST),
        ("quart.Request", REQUEST),
        ("quart.wrappers.Request", REQUEST),
        ("quart.g", "flask.g"),
        ("quart.session", "flask.session"),
        ("connexion.request", REQUEST),
        ("quart.Quart", "flask.Flask"),
        ("quart.Blueprint", "flask.Blueprint"),
        ("flask.app.Flask", "flask.Flask"),
        ("flask.blueprints.Blueprint", "flask.Blueprint"),
        ("quart.Response", "flask.Response"),
        ("flask.wrappers.Response", "flask.Response"),
        ("werkzeug.wrappers.Response", "flask.Response"),
        ("werkzeug.Response", "flask.Response"),
        ("flask.globals.g", "flask.g"),
        ("flask.globals.session", "flask.session"),
        ("flask.make_response()", "flask.Response"),
        ("flask_login.utils.current_user", "flask_login.current_user"),
    ),
)
