"""The vocabulary of label names: names that mean an open set, and names that only look like one."""

from __future__ import annotations

from cardlint.knowledge.schema import Certainty, Group, Kind

GROUPS: tuple[tuple[Group, Certainty, str], ...] = (
    (
        "person",
        "certain",
        "user_id userid uid user_uuid account_id customer_id member_id player_id patient_id student_id "
        "employee_id subscriber_id supi suci owner_id author_id creator_id recipient_id sender_id end_user enduser "
        "enduser_id end_user_id distinct_id anonymous_id username user_name login email user_email email_address phone phone_number "
        "telegram_id tg_id discord_id steam_id vk_id "
        "msisdn ssn full_name device_id installation_id advertising_id",
    ),
    (
        "person",
        "likely",
        "user customer client account author assignee actor principal display_name nickname contact created_by submitted_by requested_by "
        "imsi imei imeisv iccid",
    ),
    (
        "session",
        "certain",
        "request_id req_id correlation_id trace_id traceparent span_id session_id session_key "
        "conversation_id chat_id message_id msg_id transaction_id txn_id invocation_id idempotency_key nonce "
        "jti csrf cookie connection_id socket_id websocket_id call_id event_id delivery_id",
    ),
    ("person", "contextual", "owner"),
    ("session", "likely", "thread_id meeting_id sid"),
    ("credentials", "certain", "token access_token api_key apikey key_hash hashed_api_key secret password authorization jwt signature"),
    ("credentials", "likely", "api_key_alias key_alias key_name key_id"),
    ("object-id", "certain", "order_id payment_id incident_id alert_id document_id doc_id file_id ticket_id tx_hash offset"),
    (
        "object-id",
        "likely",
        "wallet_id cart_id invoice_id product_id item_id sku article_id post_id comment_id issue_id build_id "
        "buildset_id commit commit_hash commit_id sha issue_number pr_number pull_request_number maintenance_id "
        "digest etag checksum object_key s3_key cache_key row_id record_id "
        "entity_id uuid guid oid pk vm_id pod_uid container_id instance_id room_id url_id wallet",
    ),
    ("object-id", "contextual", "id key hash address"),
    ("run", "likely", "run_id execution_id workflow_id pipeline_id attempt_id batch_id build_number flow_run_id"),
    ("run", "contextual", "task_id job_id"),
    (
        "network",
        "certain",
        "ip ip_address client_ip remote_ip src_ip dst_ip source_ip remote_addr peer peername client_addr "
        "src_addr dst_addr source_address x_forwarded_for mac mac_address mac_addr macaddr eth_src eth_dst",
    ),
    ("network", "likely", "client_port remote_port source_port destination_address"),
    ("network", "contextual", "remote port src_port hostname host node pod pod_name instance container container_name domain fqdn subnet"),
    (
        "free-text",
        "certain",
        "error_message err_msg exception_message error_text error_detail error_details stacktrace stack_trace traceback "
        "reason_text log body_text payload prompt sql query_text cypher cmdline error_msg",
    ),
    ("free-text", "likely", "message msg failure_reason query description body detail details comment search_query statement"),
    (
        "free-text",
        "contextual",
        "subject exception title text content response output subject_line expression args params parameters reason error err command cmd",
    ),
    ("location", "certain", "url uri full_url raw_path request_uri referer referrer user_agent useragent file_path filepath"),
    ("location", "likely", "path filename request_path url_path file_name object_name"),
    ("location", "contextual", "endpoint route handler resource origin file directory dir"),
    ("time", "certain", "timestamp ts created_at updated_at started_at expires_at latitude longitude seed duration"),
    (
        "time",
        "likely",
        "date count amount score events_count epoch latency elapsed datetime price uptime last_seen last_update last_updated "
        "last_updated_time last_updated_at last_update_time last_modified last_modified_time last_activity last_login modified_at "
        "creation_time update_time finished_at completed_at ended_at expired_at deleted_at start_time end_time "
        "expires expires_after expiry expiration expiration_date execution_date rssi "
        "scheduled_start scheduled_end scheduled_for scheduled_at scheduled_time "
        "submit_time submitted_at queued_at begin_time starts_at ends_at start_at end_at",
    ),
    ("time", "contextual", "time age size index position value bytes seconds total lat lon lng"),
    (
        "named-by-users",
        "contextual",
        "name label tag tags keyword slug connector_name dataset project_name job_name campaign channel bucket table",
    ),
    ("model", "likely", "prompt_id checkpoint_path image_id"),
    ("model", "contextual", "requested_model"),
)
"""Group, confidence, names. `certain` reports by name alone, `likely` when the value is not decided, `contextual` only
when the value itself is unbounded. Subscribers of a mobile network, their devices and cards have numbers (3GPP TS 23.003: IMSI, SUPI, SUCI,
IMEI; ITU-T E.118: ICCID), and the end of a connection that opens it has a port of its own each time (RFC 6056)."""

IDENTITY_GROUPS = frozenset({"person", "session", "credentials", "object-id", "run"})
"""Groups whose certain names mean an identity, of a value as well as of a label."""
TEXT_GROUPS = frozenset({"free-text", "location", "time"})
"""Groups whose names mean something else before `_name`: a `file_name` is a text, a `message_name` is one of a list."""
OF_A_HOLDER = "id pk _id uuid guid email username name hash number serial key address addr"
"""Names of parts that identify what holds them: `user.id` is a `user_id`."""
SAME_AS_ID = frozenset({"pk", "_id"})
"""Parts that are an id by another name (Django, Model field reference: primary_key; MongoDB and Elasticsearch, the `_id` field)."""

ENDS_AN_ID = frozenset({"id", "ids", "pk", "uid", "uuid", "guid", "oid"})
"""Last words of names that mean the id of something, whatever it is: `tenant_id`, `app_id`."""
OF_A_PARAMETER = frozenset({"person", "session", "object-id"})
"""Groups whose names mean an identity in a URL also without `_id`: `/users/{user}`, `/chats/{session}`, `/tickets/{ticket}`."""

VALUES: tuple[tuple[Kind, str, str], ...] = (
    (
        "identity",
        "an identity",
        "customer_name member_name player_name author_name sender_name recipient_name patient_name student_name employee_name "
        "job_id task_id run_id workflow_id execution_id invoice_id invoice_number order_number ticket_number ticket_key issue_key "
        "pk cart_id post_id comment_id article_id object_key s3_key cache_key transaction_hash block_hash tx_id "
        "wallet_id session_uuid from_id hit_id doc_key distinct_id anonymous_id "
        "created_by updated_by modified_by submitted_by requested_by assigned_to",
    ),
    ("device", "a device", "serial_number device_serial device_uuid"),
    ("time", "a point in time", "last_updated_time last_updated_at last_update_time last_modified_time updated_at"),
    (
        "address",
        "the address of a client",
        "client_ip remote_ip remote_addr client_addr x_forwarded_for source_ip client_host "
        "client_address peer_address peer_addr ban_address banned_address lease_address visitor_address attacker_address "
        "wallet_address sender_address miner_address payer_address",
    ),
    (
        "free-text",
        "free text",
        "error_message err_msg exception_message error_text error_detail error_msg stacktrace stack_trace traceback prompt prompts "
        "cmdline search_query user_prompt user_input",
    ),
    ("sql", "an SQL statement", "sql sql_query query_text cypher"),
    ("header", "a user agent", "user_agent useragent http_user_agent"),
)
"""Names of values that mean an open set: kind, what they are, names. A label of such a name may be fine, as
`job_id` is for a few jobs with fixed ids; a value that is read from `job.id` and is not known is one of very many (the
documentation of Celery, RQ, Airflow, MLflow and Temporal for jobs and runs, of web3.py for hashes). A time of the last
change is another one after each change."""
MEANING_CODE: dict[str, str] = {"task_id": "airflow", "full_name": "__module__"}
"""Names that mean a part of the program where its file holds a word: a task of Airflow is written in the code (Airflow, Tasks), and
a full name that begins with the name of a module is one of a function."""
CALLED_URLS = "url uri full_url raw_url request_url request_uri page_url target_url http_url href"
"""Names of whole URLs that differ from one request or page to the next. A program splits them to get at their paths; a URL of its own
configuration has a name that says what it is for (`database_url`, `broker_url`, `base_url`)."""
OF_A_THING: dict[str, frozenset[str]] = {"full_name": frozenset(["repository", "repo", "project", "organization", "module", "package"])}
"""Names that mean no person where such a thing has them: GitHub's REST API has `repository.full_name`."""
OF_THE_PROCESS = frozenset({"os", "getpass", "pwd", "platform", "socket", "sys", "threading", "argparse", "configparser"})
"""Modules whose answers describe the process and its machine: `uid = os.getuid()` is no user of the program."""
ONE_WORD = frozenset({"email", "username", "userid", "pk", "prompt", "prompts", "sql", "traceback", "stacktrace"})
"""Names of one word that say enough of a variable."""
DECIDING_AT_THE_END = (
    "email username uuid guid token password secret url uri ip timestamp sha digest checksum traceback stacktrace phone login"
)
"""Single words that decide at the end of a longer name; others are too common there."""

_ENUM_SUFFIXES = (
    "type kind class category tier plan role level group family bucket range state status code mode version result outcome phase "
    "stage source format method protocol scope policy region zone env template pattern rule route"
)
ENUM_SUFFIXES = frozenset(_ENUM_SUFFIXES.split())
"""Last tokens that make the name an enumeration: `user_type`, `session_state`, `path_template`."""

ENVIRONMENTS = frozenset({"env", "environment"})
"""Last words of the names of environments, as production and staging: a client that names one names one of a few."""

SPELLINGS = frozenset({"safe", "escaped", "raw", "slug", "lower", "sanitized"})
"""Last words that say how a value is written: a `username_safe` is a `username`."""

YES_OR_NO_BEFORE = frozenset({"is", "has", "can", "may", "should", "was", "enabled", "disabled", "allow", "allows", "requires", "needs"})
YES_OR_NO_BEHIND = frozenset({"enabled", "disabled", "allowed", "required", "verified", "present"})
"""First and last words of names that are true or false: `enabled_for_login`, `email_verified`."""
PARTS_OF_DEPLOYMENT = frozenset({"instance", "node", "host", "agent", "worker", "cluster", "broker", "replica", "server"})
"""First words of names of machines and processes: their ids are as many as the deployment has (AWX, Instances; Consul, node ids)."""

_FINE = (
    "le quantile job instance code method verb finished_reason result state op operation db schema queue topic consumer_group "
    "namespace cluster service component env region model model_name model_id provider tool gpu_id gpu device core cpu numa_node "
    "shard shard_id partition replica rank tp_rank dp_rank engine slot worker_id generation zone_id rack nic view view_name "
    "handler_name task_name route_name"
)
FINE = frozenset(_FINE.split())
"""Whole names that are fine although a token of them looks like an identity."""

WHOLE_WORDS = frozenset({"tgid"})
"""Words that are no id of the vocabulary without its underscore: `tgid` is a group of threads (Linux, proc_pid_status)."""
MACHINES = "cluster shard shard_id replica rank pod pod_name container container_name host hostname node node_name worker"
"""Names of what reports itself to a server: a worker that asks for its next job sends its own name."""
INFRASTRUCTURE = f"topic topic_name partition queue queue_name consumer_group db schema namespace {MACHINES}"
"""Names of parts of a deployment: parsing one from a text does not make their number unbounded."""

PARTS_OF_PROGRAMS = "collector plugin extension middleware scraper crawler spider parser importer fetcher"
"""Parts of a program that are written in code and have ids: as many as there are in its files (Scrapy, Spider.name; stevedore, plugins)."""

PROPERTIES = (
    "firmware firmware_version hardware hardware_version hw_version serial serial_number model_number product product_name vendor "
    "manufacturer interface interface_id port port_id disk drive mac board arch architecture os os_version kernel kernel_version version "
    "api_version imei imsi iccid"
)
"""Names of what a device or a server says of itself and of its parts: an exporter that asks one gets few of them."""

_DEBATABLE = (
    "tenant_id tenant aws_account_id aws_account cloud_account_id org_id organization_id org project_id team team_id workspace_id "
    "workspace company_id merchant_id site_id store_id app_id dag_id connector_id cc_pair_id guild_id"
)
DEBATABLE = frozenset(_DEBATABLE.split())
"""Tenants and other inventory: opinions differ, so they are reported as churn by pedantic runs only."""
CUSTOMERS = frozenset(
    ["tenant_id", "tenant", "org_id", "organization_id", "organisation_id", "workspace_id", "company_id", "merchant_id", "team_id"]
)
"""Labels that grow with customers: on a histogram they are reported, where each value is many series."""

EXPORTED = frozenset({"device_id", "installation_id", "latitude", "longitude", "imsi", "imei", "imeisv", "iccid"})
"""Names of identities that are inventory where an exporter lists what it watches."""

PASSING = (
    "job_id run_id flow_run_id execution_id build_id buildset_id build_number commit commit_hash commit_id sha issue_id issue_number "
    "pr_number pull_request_number maintenance_id"
)
"""Names of things that are made again and again, and come to an end: no inventory holds a fixed set of them (Slurm, sacct: job ids
count up; Git, Git Objects: a commit has a hash of its own)."""

CLIENTS = "client clients lease leases dhcp station stations visitor visitors guest guests"
"""Words of metrics and labels about clients that come and go: their addresses are no inventory (RFC 2131: leases end)."""

PREFIXES = (
    "http",
    "x",
    "req",
    "request",
    "client",
    "src",
    "dst",
    "remote",
    "peer",
    "current",
    "target",
    "caller",
    "new",
    "old",
    "parent",
    "source",
    "last",
    "latest",
    "previous",
)
"""First tokens that are dropped when the whole name says nothing."""

OWN = frozenset({"bot", "me", "own", "self"})
"""First words of names that mean the program's own account: one for each deployment, not one of its users."""
OWN_ACCOUNTS = frozenset({"bot.user", "bot.me"})
"""Objects that are this account (discord.py, Client.user; pyrogram, Client.me)."""

INFO_NAMES = ("info", "build", "build_information")
"""Last words of metrics that describe what runs, with one series for each release."""
OF_RELEASE = (
    "commit commit_sha commit_hash commit_id commit_date commit_time sha short_sha git_sha git_hash git_ref "
    "git_commit git_revision git_branch git_tag git_describe revision vcs_ref vcs_revision branch tag "
    "version release digest image_digest image image_tag build build_id build_number build_sha build_hash "
    "build_date build_time build_timestamp build_datetime build_branch build_tag built built_at built_on "
    "compiled_at started started_at start_time startup_time boot_time deployed deployed_at deployment_time "
    "release_date released_at"
)
"""Labels of such metrics that have one value for each release or process, whatever their value is made from."""
RELEASE_KINDS = frozenset({"time", "program-output", "file-input"})
"""Kinds of unbounded values that are read once, at the start, in a metric about the running program."""

IN_PATHS = frozenset({"identity", "credentials", "uuid", "random", "database", "measurement", "body"})
"""Kinds of open values with which a text that looks like a path is a raw path: `/users/{id}`."""

FIRST_WORDS: dict[str, tuple[int, str]] = {"sql": (10, "verb of an SQL statement")}
"""Kinds of open texts whose first word is one of a few: how many, and what it is."""
FIRST_PARTS = {"exception-text": "("}
"""Kinds of open texts and the sign before which they may have one of a few words: a `repr` of an exception begins with its class (Python,
Built-in Functions: repr; Celery, `task-failed` has such a text)."""

TELLS_APART = (
    "id pk uid uuid guid sub oid key token email mail username user_name user_id login name full_name "
    "fullname first_name last_name given_name "
    "family_name nickname nick display_name global_name mention discriminator phone phone_number mobile "
    "address slug handle account account_id "
    "get_id get_username get_full_name get_short_name natural_key text content external_id password last_login date_joined created_at "
    "created_on birthday avatar picture image url profile_url api_key secret"
)
"""Attributes of a person that tell one from another; a role, a plan or a permission does not (Django, django.contrib.auth: User;
Flask-Login, Your User Class; discord.py, User; OpenID Connect Core, Standard Claims)."""
ABOUT = ("is_", "has_", "can_", "was_", "should_", "may_", "get_is_")
"""How attributes begin that are true or false (Django, django.contrib.auth: is_staff; Flask-Login, is_authenticated)."""
YES_OR_NO = "bot active admin administrator staff superuser verified premium anonymous authenticated enabled disabled banned online exists"
"""Attributes that are true or false (discord.py, User.bot; Telegram Bot API, User.is_premium; Django, django.contrib.auth)."""
REWRITERS: tuple[str, ...] = (
    "normali",
    "sanitiz",
    "sanitis",
    "templat",
    "canonic",
    "simplif",
    "anonymi",
    "mask",
    "collapse",
    "clean",
    "scrub",
)
"""Parts of the names of functions that replace the ids in a path."""
