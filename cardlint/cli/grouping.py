"""Option groups in the help of commands with many options: a user looks for an option by its subject."""

from __future__ import annotations

import click

GROUPS = {
    "Rules": ("select", "extend_select", "ignore", "pedantic", "min_confidence"),
    "Files": ("exclude", "stdin_filename", "show_files"),
    "Known and changed findings": ("baseline_file", "no_baseline", "accept_new", "prune", "since"),
    "Output": ("formats", "form", "output_file", "output", "color", "quiet", "verbose", "no_group", "show_fixes", "statistics", "timings"),
    "Changes": ("fix", "unsafe_fixes", "diff", "add_ignores", "reason"),
    "Exit code": ("fail_on", "exit_zero"),
    "Configuration and cache": ("config_file", "isolated", "show_settings", "jobs", "cache_dir", "no_cache"),
}
"""Title of each group, and the names of its parameters in the order of the help."""


class Grouped(click.Command):
    """A command whose help lists its options by subject; options of no group come last."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one section for each group; arguments are in the usage, also where click lists them."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = {param.name: record for param in options if (record := param.get_help_record(ctx)) is not None}
        for title, names in GROUPS.items():
            rows = [records.pop(name) for name in names if name in records]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
        if records:
            with formatter.section("Other options"):
                formatter.write_dl(list(records.values()))
