"""Readers of configuration files: yaml, toml, and libraries of settings. Their values are one per deployment."""

from __future__ import annotations

from cardlint.knowledge.rows import deployment
from cardlint.knowledge.schema import Library

LIBRARY = Library(
    packages=("yaml", "ruamel", "toml", "tomli", "decouple", "dynaconf", "environs", "omegaconf"),
    rows=(
        *deployment(
            "config",
            "a setting from a file",
            "yaml.safe_load()",
            "yaml.load()",
            "yaml.full_load()",
            "toml.load()",
            "toml.loads()",
            "tomli.load()",
            "tomli.loads()",
            "omegaconf.OmegaConf.load()",
            deep=True,
        ),
        *deployment(
            "config", "a setting of the deployment", "decouple.config()", "environs.Env.str()", "environs.Env.int()", "environs.Env.bool()"
        ),
    ),
)
