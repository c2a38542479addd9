"""`cardlint rules`: the table of all rules."""

from __future__ import annotations

import click

from cardlint.cli.show import say, write


@click.command("rules", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
def command(form: str) -> int:
    """List all rules: code, name, whether they run by default, and what they report."""
    from cardlint.rules import all_rules

    rows = [(rule.code, rule.name, "default" if rule.default else "pedantic", rule.title) for rule in all_rules()]
    if form == "json":
        from cardlint.common.site import rule_address
        from cardlint.output.neutralise import json_text

        keys = ("code", "name", "runs", "title")
        write(json_text([{**dict(zip(keys, row, strict=True)), "url": rule_address(row[1])} for row in rows]))
        return 0
    width = max(len(row[1]) for row in rows)
    for code, name, runs, title in rows:
        say(f"{code}  {name:{width}}  {runs:8}  {title}")
    return 0
