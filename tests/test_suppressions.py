"""Suppression comments: on any span of the finding, with rule names, and never more than they say."""

from __future__ import annotations

import pytest

from tests.conftest import Lint

CODE = """from prometheus_client import Counter

C = Counter("a_total", "A", ["user_id"]){declared}


def f(user_id):
    C.labels({inside}
        user_id
    ).inc(){after}
"""


@pytest.mark.parametrize("where", ["declared", "inside", "after"])
@pytest.mark.parametrize("name", ["identity-label", "CL101", "cl101"])
def test_a_comment_on_any_span_suppresses(where: str, name: str, lint: Lint) -> None:
    comment = f"  # cardlint: ignore[{name}] -- a handful of test users"
    code = CODE.format(**{k: comment if k == where else "" for k in ("declared", "inside", "after")})
    report = lint(code).report
    assert report.findings == ()
    assert report.summary.suppressed == 1


def test_a_name_that_suppresses_nothing_is_reported(lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="  # cardlint: ignore[raw-path, CL101] -- a handful of test users")
    [finding] = lint(code).report.findings
    assert (finding.rule, finding.message) == ("unused-ignore", "this comment suppresses nothing: `raw-path`")


def test_a_comment_above_the_line_suppresses(lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="").replace(
        "    C.labels", "    # cardlint: ignore[identity-label] -- few\n    C.labels"
    )
    assert lint(code).report.findings == ()


def test_a_whole_file_can_be_ignored(lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="")
    assert lint(code + "\n# cardlint: ignore-file[identity-label] -- generated\n").report.findings == ()


@pytest.mark.parametrize(
    "comment",
    [
        "# cardlint: ignore[summary] -- other",
        "# cardlint: ignored[identity-label]",
        "# noqa",
        "# cardlint: ignore[identity-label] until=2001-01-01 -- late",
    ],
)
def test_other_comments_do_not(comment: str, lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="  " + comment)
    assert [f.rule for f in lint(code, select=("identity-label",)).report.findings] == ["identity-label"]


def test_a_comment_inside_a_string_is_no_comment(lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="") + 'X = "# cardlint: ignore-file[identity-label] -- no"\n'
    assert len(lint(code).report.findings) == 1


def test_a_claim_bounds_the_label(lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="  # cardlint: bounded=50 -- fifty accounts, created by hand")
    run = lint(code)
    assert run.report.findings == ()
    [site] = run.program.sites
    assert site.args[0].value.size == 50
