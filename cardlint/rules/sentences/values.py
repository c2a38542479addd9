"""Sentences about the values of labels: what is wrong, where the value comes from, what it costs, what to do."""

from __future__ import annotations

from cardlint.rules.sentences import Sentence

# the subject of a message about the value of a label
LABEL_OF = Sentence("label {label} of {metric}", label="`user_id`", metric="`logins_total`")
SOME_LABEL_OF = Sentence("a label of {metric}", metric="`logins_total`")
THIS_METRIC = Sentence("this metric")

# what is wrong with the value of a label
FILLED_FROM = Sentence("is filled from {source}", source="`user.id`, which looks like an identity")
FILLED_WITH = Sentence("is filled with {source}", source="the raw request path")
PATH_OF_ONE_OBJECT = Sentence("is filled with the path of a single object")
LOOKS_LIKE = Sentence("is filled from `{text}`, which looks like {what}", text="user_id", what="an identity")
LABEL_LOOKS_LIKE = Sentence("looks like {what}, and nothing limits its value `{text}`", what="free text", text="response.description")
UNUSED_LOOKS_LIKE = Sentence("looks like an identity")
EXPORTER_BY_PATH = Sentence("{exporter} labels requests with the raw path", exporter="Instrumentator")
GROUPING_KEY = Sentence(
    "the Pushgateway grouping key {label} {predicate}: the Pushgateway keeps one group for each value until someone deletes the group",
    label="`instance`",
    predicate="is filled with a new UUID",
)
ALSO_FILLED = Sentence("{metric} is filled with {source}", metric="`errors_total`", source="the raw request path")
UNDECIDED = Sentence("a value that could not be decided")
COMES_FROM = Sentence("source of the value: {source}", source="a request header")
LOST_HERE = Sentence("cardlint cannot follow the value any further: {why}", why="no call of `count()` was found in the analysed files")
LABEL_NAMED_HERE = Sentence("the label `{label}` is named here", label="user_id")
DECLARED_HERE = Sentence("`{metric}` is declared here", metric="logins_total")

# why such a value has no bound
ONE_BRANCH = Sentence(
    "one branch is bounded, but the other is {source}: paths contain ids, and any client can make up new ones",
    source="the raw request path",
)
REWRITTEN = Sentence(
    "`{function}()` replaces the parts it knows and returns every other path as it is: any client can request paths that do not exist",
    function="normalize_path",
)
ONE_OBJECT = Sentence('"{path}" contains the id of one object, so other objects will add paths of their own', path="/users/123/posts")
UNLESS_LIMITED = Sentence(
    "{why}, unless the code in between limits it: {unknown}",
    why="a client can send any text",
    unknown="it is not known what `clean()` returns",
)
CONFIGURED_IDENTITY = Sentence("`identity-labels` lists `{label}`, and nothing in the code limits its values", label="bot_id")
NAME_MEANS_IDENTITY = Sentence(
    "a label named `{label}` usually holds one value per user, request or object, and nothing in the code limits its values",
    label="user_id",
)
NAME_MEANS_SECRET = Sentence(
    "a label named `{label}` usually holds a secret: each one adds a new value, and every reader of the metrics can read it",
    label="api_key",
)
NAME_MEANS_PATH = Sentence(
    "a label named `{label}` usually holds a path or a URL, and nothing in the code shows that it is a route template", label="path"
)
NAME_MEANS_OPEN = Sentence(
    "a label named `{label}` usually holds {what}, and nothing in the code limits its values", label="message", what="free text"
)
GROWS_WITH_CUSTOMERS = Sentence(
    "`{label}` grows with the number of customers, and on a histogram each customer costs {series} series", label="tenant_id", series=12
)
NOT_USED = Sentence("no use of this label was found")
NO_CALL_TRACED = Sentence(
    "the name `{label}` means an identity, and the calls that set it could not be traced to this metric", label="user_id"
)
NO_CALL_FOUND = Sentence("the name `{label}` means an identity, and no call that sets it was found in the analysed files", label="user_id")
JUDGED_BY_NAME = Sentence("{why} (a guess from the name: the value itself could not be traced)", why="each user adds a new value")
NOT_LIMITED = Sentence("the value is {source}, and nothing in the code limits it", source="the title of a page")
SECRET_SHOWN = Sentence("each key or token adds a new value, and every reader of the metrics can read it")

WHY: dict[str, Sentence] = {
    "raw-path": Sentence("paths contain ids, and any client can request paths that do not exist"),
    "identity": Sentence("each user, session, job or object adds a new value"),
    "exception-text": Sentence("the text of an exception often contains ids, addresses or input, so it rarely repeats"),
    "uuid": Sentence("every UUID is new"),
    "time": Sentence("a timestamp never repeats, so every value is new"),
    "clock": Sentence("a timestamp never repeats, so every value is new"),
    "address": Sentence("every client has an address of its own"),
    "header": Sentence("a client can send any text in a header"),
    "body": Sentence("the sender of the data decides what it contains, and nothing in the code limits it"),
    "payload": Sentence("the sender of the data decides what it contains, and nothing in the code limits it"),
    "server-text": Sentence("another system decides what it sends, and nothing in the code limits it"),
    "object-repr": Sentence("the text contains the address of the object in memory, which differs from object to object"),
    "measurement": Sentence("a measurement can take any value"),
    "random": Sentence("a random value hardly ever repeats"),
    "free-text": Sentence("free text can contain anything"),
    "sql": Sentence("a statement contains ids and input, so there is one text per query"),
    "file-path": Sentence("every file adds a name of its own"),
    "process": Sentence("every process has an id of its own, and a restart begins new ones"),
    "thread": Sentence("threads come and go, and each one has a name of its own"),
    "database": Sentence("a database can hold any number of rows, keys and values"),
    "file-input": Sentence("a file or a user at the terminal can provide any text"),
    "program-output": Sentence("a program can print any text, and nothing in the code limits it"),
    "content-type": Sentence("a client can send any content type, with any parameters"),
}
"""Why a value has no bound, by its kind."""

# what a name looks like
AN_IDENTITY = Sentence("an identity")
A_CUSTOMER = Sentence("the id of a customer")
A_SECRET = Sentence("a secret")
A_RAW_PATH = Sentence("a raw path or URL")
NO_FIXED_SET = Sentence("something that takes any number of values")
GROUP_OF_NAME: dict[str, Sentence] = {
    "network": Sentence("a network address"),
    "free-text": Sentence("free text"),
    "location": Sentence("a URL, a file name or a user agent"),
    "time": Sentence("a time or a measurement"),
    "model": Sentence("one of many objects"),
}

# what a value costs
VALUE = Sentence("value")
NUMBER_OF = Sentence("{size} of {label}", size="2", label="`is_fresh`")
VALUE_OF = Sentence("value of `{label}`", label="user_id")
ANY_VALUE = Sentence("every new value is a new time series, kept until the process ends")
NEW_SERIES = Sentence(
    "every new {label} adds {series}{rest}", label="value of `user_id`", series="18 series (15 buckets, _count, _sum and _created)", rest=""
)
UP_TO_SERIES = Sentence(
    "every new {label} adds up to {total} series: {factors} x {child} ({parts}){rest}",
    label="value of `path`",
    total="270",
    factors="9 methods x 15 statuses",
    child="2",
    parts="_total and _created",
    rest=" for every tenant id",
)
UP_TO_SINGLE_SERIES = Sentence(
    "every new {label} adds up to {total} series: {factors}{rest}", label="value of `queue`", total="9", factors="9 methods", rest=""
)
ONE_SERIES = Sentence("one time series")
SOME_SERIES = Sentence("{count} series ({parts})", count="2", parts="_total and _created")
SERIES = Sentence("{count} series", count=2)
FOR_EVERY = Sentence(" for every {labels}", labels="tenant id and step name")
PRODUCT = Sentence("{factors} = {total} series", factors="9 methods x 50 routes x 2", total="900")
OPEN_PRODUCT = Sentence("{factors} for every {labels}", factors="9 methods x 15 statuses x 2", labels="path")
BUCKET_SERIES = Sentence("{buckets} buckets, _count, _sum and _created", buckets=15)
SUMMARY_SERIES = Sentence("_count, _sum and _created")
COUNTER_SERIES = Sentence("_total and _created")
ENUM_SERIES = Sentence("one for each state")
REBUILT = Sentence("the metric is rebuilt at every scrape, so the process leaks nothing")
WRITTEN_ONCE = Sentence("the process writes the metric once and ends, so it leaks nothing")
ONE_SET_AT_A_TIME = Sentence("it holds one set of labels at a time, so the process leaks nothing")
CHILDREN_REMOVED = Sentence("children are removed again, so the process needs less memory")
STILL_CHURNS = Sentence("{why}, but every value still becomes a series in Prometheus (churn)", why="children are removed again")

# what to do about a value
CONSTANT_FALLBACK = Sentence('write a constant such as "unmatched" where no route matched')
CONSTANT_FALLBACK_AS = Sentence(
    'return a constant such as "unmatched" where no route matched: {advice}', advice="`request.url_rule.rule if request.url_rule else ...`"
)
WRITE = Sentence("write {advice}", advice="`type(exc).__name__`")
REMOVE_AND = Sentence("remove the label{label}; {advice}", label=" `started`", advice="Prometheus stores the time of every sample itself")
WRITE_TEMPLATE = Sentence('write the route template, and a constant such as "unmatched" where no route matched')
IDENTITY_IN_LOG = Sentence("an identity belongs in a log line")
IDENTITY_IN_LOG_OR_EXEMPLAR = Sentence("an identity belongs in a log line or an exemplar")
PUT_IN_LOG = Sentence("put it in a log line")
SECRET_NOWHERE = Sentence("a secret belongs neither in a metric nor in a log line")
WRITE_CLASS = Sentence("write `type(e).__name__`, and put the text in a log line")
MAP_TO_FIXED_SET = Sentence('map it to a fixed set: `x if x in ALLOWED else "other"`')

# client-chosen-value, deployment-churn
CLIENT_CHOSEN_WHY = Sentence(
    "the value is {source}: normally one of about {size}, but the sender of a request can make up others", source="the HTTP method", size=9
)
CLIENT_CHOSEN_HELP = Sentence('test it against the values you serve: `x if x in ALLOWED else "other"`')
CHURN_WHY = Sentence(
    "the value is {source}: every deployment or restart starts new series, and the old ones stay in Prometheus until they expire",
    source="the name of the host",
)
CHURN_HELP = Sentence("let the scrape configuration add it as a target label, or export it once in an Info metric and join on it")

# dynamic-name
NAME_MADE_FROM = Sentence("the name of {metric} is made from {source}", metric="a counter", source="a new UUID")
LABEL_NAME_MADE_FROM = Sentence("a label name of {metric} is made from {source}", metric="a gauge", source="parsed input")
NAME_WHY = Sentence(
    "every value creates a metric of its own, with its own HELP and TYPE lines, which no query or dashboard can know in advance"
)
NAME_COST = Sentence("every new value adds a whole metric, not only a series")
NAME_HELP = Sentence("give the metric one constant name, and move what varies into a label with a bounded set of values")

# series-budget
TOO_MANY_SERIES = Sentence(
    "`{metric}` makes {count} series, more than {limit}", metric="hits", count="about 7,200", limit="the budget of 5,000"
)
TOO_MANY_VALUES = Sentence("takes {count} values, more than {limit}", count="about 50,000", limit="the usual limit of 10,000")
THE_BUDGET = Sentence("the budget of {limit}", limit="5,000")
THE_USUAL_LIMIT = Sentence("the usual limit of {limit}", limit="10,000")
BUDGET_WHY = Sentence("{formula}{parts}", formula="60 rows x 60 columns x 2 = 7,200 series", parts=" (_total and _created)")
BUDGET_COST = Sentence("{count} series in every process that uses all combinations of labels", count="about 7,200")
BUDGET_HELP = Sentence("drop the label with the most values, or split the metric so that no two large labels multiply")
VALUES_WHY = Sentence("its value is {source}", source="a random number")
VALUES_COST = Sentence("every value adds {series} series for each combination of the other labels", series=2)
VALUES_HELP = Sentence("group the values into fewer, or remove the label")
