"""Search engines and stores of objects: what is found, and the names of objects, which grow with what is kept."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library
from cardlint.knowledge.tables import FREE_TEXTS

ENGINES = ("elasticsearch.Elasticsearch", "opensearchpy.OpenSearch")
HIT, BLOB = "elasticsearch.hit", "google.cloud.storage.Blob"
BUCKET, OBJECTS = "google.cloud.storage.Bucket", "google.cloud.storage.Client"
FIRESTORE, FOUND, SNAPSHOT = (
    "google.cloud.firestore.Client",
    "google.cloud.firestore.Query",
    "google.cloud.firestore.DocumentSnapshot",
)
KEPT, REFUSED = "minio.datatypes.Object", "minio.error.S3Error"

LIBRARY = Library(
    packages=("elasticsearch", "opensearchpy", "minio", "google"),
    rows=(
        *leads(
            *(
                (f"{engine}.{name}()[hits][hits][{index}]", HIT)
                for engine in ENGINES
                for name in ("search", "scroll")
                for index in ("*", "0")
            ),
            *((f"{engine}.get()", HIT) for engine in ENGINES),
            *((f"{module}.helpers.{name}()[*]", HIT) for module in ("elasticsearch", "opensearchpy") for name in ("scan", "async_scan")),
            *((f"{OBJECTS}.{name}()", BUCKET) for name in ("bucket", "get_bucket", "lookup_bucket")),
            *((f"{owner}.list_blobs()[*]", BLOB) for owner in (OBJECTS, BUCKET)),
            *((f"{BUCKET}.{name}()", BLOB) for name in ("blob", "get_blob")),
            ("minio.Minio.list_objects()[*]", KEPT),
            *((f"{FIRESTORE}.{name}()", FOUND) for name in ("collection", "collection_group")),
            *((f"{FOUND}.{name}()", FOUND) for name in ("where", "order_by", "limit", "select", "start_after")),
            *((f"{FOUND}.{name}()[*]", SNAPSHOT) for name in ("stream", "get")),
            (f"{FOUND}.document().get()", SNAPSHOT),
        ),
        *unbounded("database", "the id of a document", f"{HIT}[_id]", f"{SNAPSHOT}.id", advice=LOG),
        *unbounded("free-text", "text from a database", *(f"{HIT}[_source][{name}]" for name in sorted(FREE_TEXTS)), advice=LOG),
        *deployment("inventory", "an index of the search engine", f"{HIT}[_index]"),
        *bounded(3, "state", "health of a cluster", *(f"{engine}.cluster.health()[status]" for engine in ENGINES)),
        *deployment(
            "inventory", "a cluster", *(f"{engine}.{name}()[cluster_name]" for engine in ENGINES for name in ("info", "cluster.health"))
        ),
        *deployment(
            "inventory",
            "an index of the search engine",
            *(
                f"{engine}.indices.{name}{part}"
                for engine in ENGINES
                for name in ("get()", "get_alias()", "stats()[indices]")
                for part in ("[*]", ".keys()[*]", ".items()[*][0]")
            ),
        ),
        *deployment(
            "inventory",
            "a node of the search engine",
            *(
                f"{engine}.nodes.{name}()[nodes]{part}"
                for engine in ENGINES
                for name in ("stats", "info")
                for part in ("[*]", ".keys()[*]", ".items()[*][0]", ".items()[*][1][name]", ".items()[*][1][host]", ".values()[*][name]")
            ),
        ),
        *unbounded(
            "file-path",
            "the name of an object in a bucket",
            *below(BLOB, ".name", ".path", ".public_url", ".id"),
            f"{KEPT}.object_name",
            advice="the name of the bucket, or the first part of the name when it is one you know",
        ),
        *unbounded(
            "identity",
            "one state of an object",
            *below(BLOB, ".etag", ".md5_hash", ".generation"),
            *below(KEPT, ".etag", ".version_id"),
            advice=LOG,
        ),
        *deployment("inventory", "a bucket", f"{BUCKET}.name", f"{KEPT}.bucket_name", f"{OBJECTS}.list_buckets()[*].name"),
        *deployment("inventory", "a bucket", "minio.Minio.list_buckets()[*].name", f"{REFUSED}.bucket_name"),
        *unbounded("exception-text", "the text of an exception", REFUSED, advice="its `code`", deep=False),
        *unbounded("free-text", "the text of an error", f"{REFUSED}.message", advice="its `code`"),
        *unbounded("file-path", "the name of an object in a bucket", *below(REFUSED, ".object_name", ".resource"), advice="its `code`"),
        *unbounded("identity", "the id of one request", f"{REFUSED}.request_id", advice=LOG),
        *bounded(100, "error-code", "the code of an error", f"{REFUSED}.code"),
    ),
    aliases=(
        ("elasticsearch.AsyncElasticsearch", ENGINES[0]),
        ("opensearchpy.AsyncOpenSearch", ENGINES[1]),
        ("google.cloud.firestore.AsyncClient", FIRESTORE),
        ("google.cloud.firestore_v1.Client", FIRESTORE),
        ("google.cloud.storage.client.Client", OBJECTS),
        ("google.cloud.storage.blob.Blob", BLOB),
        ("google.cloud.storage.bucket.Bucket", BUCKET),
    ),
)
"""Elasticsearch, Search API: hits, Cluster health, Nodes stats and Get index; opensearch-py 3.2; google-cloud-storage 3.17, `client`,
`bucket` and `blob`; minio 7.2, `datatypes` and `error`. The keys of buckets of an aggregation are what was counted, which may be states."""
