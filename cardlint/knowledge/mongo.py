"""pymongo and motor: documents of collections, and changes of them."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, unbounded
from cardlint.knowledge.schema import Library
from cardlint.knowledge.tables import FREE_TEXTS

CLIENT, DATABASE, COLLECTION = "pymongo.MongoClient", "pymongo.database.Database", "pymongo.collection.Collection"
CURSOR, DOCUMENT, CHANGE = "pymongo.cursor.Cursor", "pymongo.document", "pymongo.change"
NARROWS = "sort limit skip batch_size hint max_time_ms comment clone allow_disk_use collation"
"""Methods of a cursor that return it."""

LIBRARY = Library(
    packages=("pymongo", "motor"),
    rows=(
        *leads(
            *((f"{CLIENT}{part}", DATABASE) for part in ("[]", ".*", ".get_database()", ".get_default_database()")),
            *((f"{DATABASE}{part}", COLLECTION) for part in ("[]", ".*", ".get_collection()")),
            (f"{COLLECTION}.find()", CURSOR),
            *((f"{CURSOR}.{name}()", CURSOR) for name in NARROWS.split()),
            *((f"{CURSOR}{part}", DOCUMENT) for part in ("[*]", "[0]", ".next()", ".to_list()[*]", ".to_list()[0]")),
            *(
                (f"{COLLECTION}.{name}()", DOCUMENT)
                for name in ("find_one", "find_one_and_update", "find_one_and_delete", "find_one_and_replace")
            ),
            *((f"{owner}.watch()[*]", CHANGE) for owner in (CLIENT, DATABASE, COLLECTION)),
            (f"{CHANGE}[fullDocument]", DOCUMENT),
        ),
        *unbounded(
            "database",
            "the id of a document",
            f"{DOCUMENT}[_id]",
            f"{CHANGE}[documentKey]",
            f"{CHANGE}[_id]",
            f"{COLLECTION}.insert_one().inserted_id",
            f"{COLLECTION}.insert_many().inserted_ids",
            f"{COLLECTION}.update_one().upserted_id",
            advice=LOG,
        ),
        *unbounded("free-text", "text from a database", *(f"{DOCUMENT}[{name}]" for name in sorted(FREE_TEXTS)), advice=LOG),
        *bounded(20, "operation", "the kind of a change", f"{CHANGE}[operationType]"),
        *deployment("inventory", "a collection of the database", *below(f"{CHANGE}[ns]", "[db]", "[coll]")),
        *deployment("inventory", "a database of the server", f"{CLIENT}.list_database_names()[*]"),
        *deployment("inventory", "a collection of the database", f"{DATABASE}.list_collection_names()[*]"),
    ),
    aliases=(
        ("pymongo.AsyncMongoClient", CLIENT),
        ("pymongo.mongo_client.MongoClient", CLIENT),
        ("motor.motor_asyncio.AsyncIOMotorClient", CLIENT),
        ("motor.motor_tornado.MotorClient", CLIENT),
        ("motor.motor_asyncio.AsyncIOMotorDatabase", DATABASE),
        ("motor.motor_asyncio.AsyncIOMotorCollection", COLLECTION),
        ("pymongo.asynchronous.database.AsyncDatabase", DATABASE),
        ("pymongo.asynchronous.collection.AsyncCollection", COLLECTION),
    ),
)
"""pymongo 4.20, `mongo_client`, `database`, `collection`, `cursor` and `change_stream`; motor 3.7; MongoDB, Change Events. The `_id` of
what `aggregate` returns is the key of a group, and may be a state."""
