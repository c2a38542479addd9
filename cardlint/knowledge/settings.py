"""Readers of texts: yaml, toml, JSON and binary forms, and libraries of settings.

What a reader returns is what it read: the settings of a file of the deployment, or what a client, a server or a queue sent.
"""

from __future__ import annotations

from cardlint.knowledge.rows import FIXED_SET, below, deployment
from cardlint.knowledge.schema import Library, Row

LIKE_JSON = (
    "orjson.loads()",
    "ujson.loads()",
    "simplejson.loads()",
    "rapidjson.loads()",
    "msgpack.unpackb()",
    "msgpack.loads()",
    "cbor2.loads()",
    "bson.decode()",
    "xmltodict.parse()",
)
"""Functions that turn a text or bytes into values, as `json.loads` does (the documentation of each package)."""
OF_FILES = (
    *below("yaml.", "safe_load()", "load()", "full_load()", "unsafe_load()", "safe_load_all()", "load_all()"),
    *below("ruamel.yaml.", "YAML.load()", "YAML.load_all()", "safe_load()", "load()"),
    *below("toml.", "load()", "loads()"),
    *below("tomli.", "load()", "loads()"),
)
"""Readers of formats of configuration: what they return is a setting, unless a client or a server sent the text."""

LIBRARY = Library(
    packages=(
        *("yaml", "ruamel", "toml", "tomli", "decouple", "dynaconf", "environs", "omegaconf"),
        *("orjson", "ujson", "simplejson", "rapidjson", "msgpack", "cbor2", "bson", "xmltodict"),
    ),
    rows=(
        *deployment(
            "config",
            "a setting from a file",
            "omegaconf.OmegaConf.load()",
            deep=True,
        ),
        *(Row(path, "unbounded", None, "payload", "parsed input", how="parsed", advice=FIXED_SET, deep=True) for path in LIKE_JSON),
        *(Row(path, "per-deployment", None, "config", "a setting from a file", how="loaded:settings", deep=True) for path in OF_FILES),
        *(
            Row(f"{package}.load()", "per-deployment", None, "config", "a setting from a file", how="loaded", deep=True)
            for package in ("ujson", "simplejson", "rapidjson")
        ),
        *deployment(
            "config", "a setting of the deployment", "decouple.config()", "environs.Env.str()", "environs.Env.int()", "environs.Env.bool()"
        ),
    ),
)
