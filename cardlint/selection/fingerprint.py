"""Fingerprints: the part of a finding that stays the same when lines move and files are renamed.

Baselines and code scanning match findings by it, so it holds no line number and no folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from cardlint.findings import Finding


def _key(finding: Finding, line: str) -> str:
    metric = finding.metric.name if finding.metric is not None else ""
    return "\0".join((finding.code, metric, finding.label or "", " ".join(line.split())))


def with_fingerprints(findings: Sequence[Finding], lines: Callable[[str], list[str]]) -> list[Finding]:
    """Give every finding its source line and its fingerprint; equal ones in one run are numbered in order of place."""
    if not findings:
        return []
    from cardlint.cache.digest import blake2b

    out: list[Finding] = []
    seen: dict[str, int] = {}
    texts: dict[str, list[str]] = {}
    for finding in findings:
        path = finding.place.path
        if path not in texts:
            texts[path] = lines(path)
        rows = texts[path]
        line = rows[finding.place.line - 1] if 0 < finding.place.line <= len(rows) else ""
        key = _key(finding, line)
        seen[key] = seen.get(key, -1) + 1
        digest = blake2b(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
        out.append(replace(finding, source_line=" ".join(line.split()), fingerprint=digest))
    return out
