"""Guesses of a label's values by its name, where the flow ends in code that is not analysed.

A name is weak evidence: it classes a label for the inventory and for the count of decided sites, and never causes a finding.
Whole names come first, then the last word or two.
"""

from __future__ import annotations

from msgspec import Struct

from cardlint.knowledge.vocabulary import PARTS_OF_PROGRAMS


class Guess(Struct, frozen=True):
    """A class of label names: `cls` as in rows, the usual number of values, and what the values are."""

    cls: str
    size: int | None
    why: str


BOOLEAN = Guess("bounded", 2, "a boolean")
METHOD = Guess("client-chosen", 9, "an HTTP method")
STATUS = Guess("bounded", 15, "a status")
ENUM = Guess("bounded", 20, "one of a declared set")
CLASS = Guess("bounded", 30, "a class name")
CODE = Guess("bounded", 50, "a name from the code")
TEMPLATE = Guess("bounded", 50, "a route template")
INDEX = Guess("bounded", 32, "a small index")
VERB = Guess("bounded", 10, "a verb of the database")
DEPLOYED = Guess("per-deployment", 1, "fixed for the deployment")
CONFIGURED = Guess("per-deployment", 20, "one of the configured things")
TENANT = Guess("per-deployment", 20, "one of the tenants")
HEADER = Guess("client-chosen", None, "what a client puts there")
ASKED = Guess("client-chosen", 50, "a method that a caller asks for")
SENT = Guess("client-chosen", None, "what the sender of a message puts there")

WHOLE: tuple[tuple[Guess, str], ...] = (
    (BOOLEAN, "success ok cached hit cache_hit stream streaming async sync healthy enabled retry dry_run is_error leader"),
    (METHOD, "method http_method verb_method request_method"),
    (VERB, "verb db_operation sql_operation statement_type"),
    (
        STATUS,
        "status code status_code http_status http_code http_status_code response_code http_response_code "
        "exit_code returncode grpc_code return_code status_class",
    ),
    (
        ENUM,
        "op operation action event event_name outcome result state reason_code decision severity level "
        "priority purpose unit quantile le direction side trigger strategy algorithm backend frontend driver "
        "dialect engine format encoding charset compression language lang locale currency country period "
        "interval day_of_week weekday hour month feature flag variant experiment vendor alias transport "
        "scheme protocol step phase stage",
    ),
    (CLASS, "exception_class exc_type exc_class error_class exception_name error_name"),
    (
        CODE,
        "task task_name function func function_name handler_name view view_name route_name callback "
        "method_name api api_name rpc rpc_name grpc_method grpc_service span_name component subsystem module "
        "logger logger_name cache cache_name metric metric_name "
        f"template template_name model_class action_name command_name signal job_type mode {PARTS_OF_PROGRAMS}",
    ),
    (TEMPLATE, "http_route url_template path_template url_rule route_template"),
    (
        INDEX,
        "gpu gpu_id core cpu cpu_id numa_node shard shard_id partition replica rank tp_rank dp_rank pp_rank "
        "slot worker_index worker_id generation gen index_id",
    ),
    (
        DEPLOYED,
        "version app app_name application service service_name service_version server server_name instance "
        "hostname host nodename node pod pod_name env environment deployment release branch build "
        "build_version revision_name namespace cluster cluster_name region zone availability_zone az "
        "datacenter dc rack site python_version",
    ),
    (
        CONFIGURED,
        "queue queue_name topic topic_name consumer_group group_id model model_name model_id model_group "
        "served_model model_version provider api_provider provider_name api_base upstream "
        "destination_service target_service database db db_name dbname schema table table_name collection "
        "index_name connection connection_name pool pool_name worker worker_name runner runner_name "
        "engine_name device device_name nic interface mountpoint disk volume bucket_name dataset_name "
        "project data_source source_name sink_name connector connector_name integration agent agent_name "
        "workflow workflow_name pipeline pipeline_name dag dag_id job job_name schedule cron service_account "
        "deployment_name router stage_name store route routing_key exchange channel_name",
    ),
    (
        TENANT,
        "tenant tenant_id org org_id organization organization_id team team_id workspace workspace_id "
        "company company_id project_id merchant_id site_id store_id app_id guild_id connector_id",
    ),
)
"""Whole names, normalised."""

LAST: tuple[tuple[Guess, str], ...] = (
    (STATUS, "status code"),
    (
        ENUM,
        "type kind category tier plan role level family range state mode result outcome phase stage source "
        "format protocol scope policy strategy action direction",
    ),
    (CLASS, "class"),
    (TEMPLATE, "template pattern rule"),
    (CONFIGURED, "model provider queue topic region zone group version env"),
    (INDEX, "rank shard partition"),
    (METHOD, "method"),
)
"""Last words of longer names."""

CODED = (
    "status http error err exit return response result reason grpc rpc country currency language lang locale "
    "state class fault event op operation "
    "type action severity verb method failure rejection close signal curl errno sql"
)
"""Words before `_code` that mean one of few codes; a `promo_code` is one of many."""

KNOWN_BY_CODE = "invite invitation promo promotion voucher coupon referral discount"
"""Words of a metric or of a holder for things that are known by their code: next to one of them a plain `code` is no status."""

OTHER_CODES = (
    "auth authorization verification confirmation activation redemption redeem otp access card gift reward affiliate tracking booking "
    "reservation ticket zip postal barcode qr product airport"
)
"""Words that say the same where `code` or `codes` follows, or where they end the name of a holder: `auth_requests` have statuses."""

ANSWERED = "request requests response responses call calls http api rpc error errors failure failures status exit return result"
"""Words of a metric or of a holder that say that a plain `code` is a status all the same: `invite_requests`."""

HEADERS = "header headers cookie cookies trailers params query"
"""Last words of the names of holders that hold what a client sends: nothing in them is fixed by the deployment or by a declaration."""

MESSAGES = "message msg event evt payload packet envelope notification update body"
"""Last words of the names of received data: the sender chooses the words in it."""

REQUESTS = "request req environ scope route endpoint rule"
"""Last words of the names of what has an HTTP method; the method of anything else, such as a remote call, is another thing."""

ASKED_FOR = "requested"
"""First words that mean a choice of the client."""

BEFORE_NAME: tuple[tuple[Guess, str], ...] = (
    (CODE, "handler view task route function class method cache callback stream metric template command event span rpc plugin component"),
    (DEPLOYED, "service server app application host node cluster pod deployment"),
    (
        CONFIGURED,
        "model queue topic table database pool worker runner device agent workflow pipeline job provider connection index dataset",
    ),
    (TENANT, "team org organization tenant workspace company project"),
)
"""Words before `_name` and `_alias`."""

WHICH_OF_SEVERAL = "http request response req resp source destination target src dst from to origin"
"""First words that say which of several things is meant, not what kind of thing it is."""

HOLDING = "info data detail details obj object dict record meta metadata params spec entry item row instance ref attrs attributes"
"""Last words of a holder's name that describe the holder: `user_info["id"]` is the id of a user."""

# what tells a request of a web framework, and what tells another one
REQUEST = "any_request.Request"
"""The path of a request of which only the name is known: see `any_request`."""
REQUEST_NAMES = ("request", "req", "http_request", "_request")
"""Usual names of parameters that are a request."""
NO_REQUEST_WITH = frozenset({"context", "ctx", "spider", "servicer", "info", "timeout", "session", "exc", "chat_id"})
"""Parameters of the same function that show it is the request of something else: an RPC method, a crawler, a client."""
REQUEST_CLASSES = frozenset({"Request", "HttpRequest", "HTTPRequest", "WebRequest", "WSGIRequest", "ASGIRequest", "BaseRequest"})
"""Names of classes of requests, for a class that is outside of the analysed files and of which nothing is known."""
REQUEST_CLIENTS = frozenset(
    {"requests", "httpx", "urllib3", "urllib", "scrapy", "grpc", "selenium", "playwright", "googleapiclient", "niquests"}
)
"""Packages whose requests go out: a file that imports one and no web framework may speak of those."""
REQUEST_VERBS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "dispatch", "prepare", "on_finish", "process_request"}
)
"""Methods of a handler whose `self.request` is the request that it answers (Django, View; Tornado, RequestHandler; aiohttp, View)."""
