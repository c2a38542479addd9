"""InfluxDB, Neo4j, Cassandra and ClickHouse: points, nodes and rows, of which there are more every day, and what a schema names."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library, Row

POINT, QUERY_API = "influxdb_client.client.flux_table.FluxRecord", "influxdb_client.QueryApi"
NODE, EDGE, GRAPH_RESULT, GRAPH_SESSION = "neo4j.graph.Node", "neo4j.graph.Relationship", "neo4j.Result", "neo4j.Session"
METADATA, MACHINE = "cassandra.metadata.Metadata", "cassandra.pool.Host"
ANSWER = "clickhouse_connect.driver.query.QueryResult"


def _influx() -> tuple[Row, ...]:
    asked = tuple(f"{QUERY_API}.query(){part}" for part in ("[*].records[*]", "[0].records[*]", "[*].records[0]", "[0].records[0]"))
    return (
        *leads(
            ("influxdb_client.InfluxDBClient.query_api()", QUERY_API),
            ("influxdb_client.client.influxdb_client_async.InfluxDBClientAsync.query_api()", QUERY_API),
            *((point, POINT) for point in (*asked, f"{QUERY_API}.query_stream()[*]")),
        ),
        *unbounded("time", "the time of a point", *below(POINT, ".get_time()", ".get_start()", ".get_stop()"), advice=LOG),
        *unbounded("time", "the time of a point", *below(POINT, "[_time]", "[_start]", "[_stop]"), advice=LOG),
        *unbounded("time", "the time of a point", *below(POINT, ".values[_time]", ".values[_start]", ".values[_stop]"), advice=LOG),
        *unbounded("measurement", "the value of a point", *below(POINT, ".get_value()", "[_value]", ".values[_value]"), advice=LOG),
        *deployment(
            "inventory",
            "a name from the schema of a database",
            *below(POINT, ".get_measurement()", ".get_field()", "[_measurement]", "[_field]"),
            *below(POINT, ".values[_measurement]", ".values[_field]"),
            "influxdb_client.BucketsApi.find_buckets().buckets[*].name",
        ),
    )


def _neo4j() -> tuple[Row, ...]:
    return (
        *leads(
            ("neo4j.GraphDatabase.driver()", "neo4j.Driver"),
            ("neo4j.Driver.session()", GRAPH_SESSION),
            (f"{GRAPH_SESSION}.run()", GRAPH_RESULT),
            ("neo4j.Transaction.run()", GRAPH_RESULT),
            (f"{GRAPH_RESULT}.graph().nodes[*]", NODE),
            (f"{GRAPH_RESULT}.graph().relationships[*]", EDGE),
            *((f"{EDGE}.{name}", NODE) for name in ("start_node", "end_node")),
        ),
        *unbounded(
            "database",
            "the id of a node or a relationship",
            *(f"{entity}.{name}" for entity in (NODE, EDGE) for name in ("element_id", "id")),
            advice=LOG,
        ),
        *deployment("inventory", "a name from the schema of a database", f"{NODE}.labels[*]", f"{EDGE}.type"),
    )


def _others() -> tuple[Row, ...]:
    return (
        *leads(
            ("cassandra.cluster.Cluster.metadata", METADATA),
            *((f"{METADATA}.{name}()[*]", MACHINE) for name in ("all_hosts", "get_replicas")),
        ),
        *deployment(
            "inventory",
            "a machine of a cluster",
            *below(MACHINE, ".address", ".broadcast_address", ".broadcast_rpc_address", ".listen_address", ".host_id"),
            *below(MACHINE, ".datacenter", ".rack", ".release_version"),
            f"{METADATA}.cluster_name",
        ),
        *bounded(3, "boolean", "whether a machine is up, or not known to be", f"{MACHINE}.is_up"),
        *deployment(
            "inventory",
            "a name from the schema of a database",
            *below(f"{METADATA}.keyspaces", "[*]", ".keys()[*]", ".items()[*][0]"),
            *below(f"{METADATA}.keyspaces[].tables", "[*]", ".keys()[*]"),
        ),
        *leads(
            *((f"clickhouse_connect.{made}.query()", ANSWER) for made in ("get_client()", "create_client()", "driver.client.Client")),
        ),
        *unbounded("identity", "the id of one query", f"{ANSWER}.query_id", advice=LOG),
        *deployment("inventory", "a column of a statement", f"{ANSWER}.column_names[*]"),
    )


LIBRARY = Library(
    packages=("influxdb_client", "neo4j", "cassandra", "clickhouse_connect"),
    rows=(*_influx(), *_neo4j(), *_others()),
    aliases=(
        ("influxdb_client.client.query_api.QueryApi", QUERY_API),
        ("influxdb_client.client.influxdb_client.InfluxDBClient", "influxdb_client.InfluxDBClient"),
        ("influxdb_client.InfluxDBClientAsync", "influxdb_client.client.influxdb_client_async.InfluxDBClientAsync"),
        ("influxdb_client.InfluxDBClient.buckets_api()", "influxdb_client.BucketsApi"),
        ("neo4j.AsyncGraphDatabase.driver()", "neo4j.Driver"),
        ("neo4j.AsyncDriver", "neo4j.Driver"),
        ("neo4j.AsyncSession", GRAPH_SESSION),
        ("neo4j.AsyncTransaction", "neo4j.Transaction"),
        ("neo4j.ManagedTransaction", "neo4j.Transaction"),
        ("neo4j.AsyncManagedTransaction", "neo4j.Transaction"),
    ),
)
"""influxdb-client 1.50, `flux_table.py` and `query_api.py`; neo4j 6.4, `graph` and `Result`; cassandra-driver 3.30, `metadata.py` and
`pool.py`; clickhouse-connect 1.12, `driver/query.py`. The rows of statements that are texts are read from these. Tags of a point and
properties of a node may be anything: no row has them."""
