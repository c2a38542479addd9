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


@pytest.mark.parametrize(
    ("comment", "problem"),
    [
        ("# cardlint: ignore[identity-label] -- until=2027-01-01 then it goes", "has `until=` after the reason"),
        ("# cardlint: ignore[identity-label] until=soon -- x", "has the date `soon`; write until=YYYY-MM-DD"),
        ("# cardlint: ignore[identity-label] until=2001-01-01 -- x", "expired on 2001-01-01"),
        ("# cardlint: ignore[identity-label]", "gives no reason"),
        ("# cardlint: ignore[identity-label] --", "gives no reason"),
        ("# cardlint: ignore[identity-label] because", "gives no reason"),
        ("# cardlint: ignore[identity-lable] -- x", "did you mean `identity-label`"),
        ("# cardlint: ignore[] -- x", "names no rule"),
        ("# cardlint: ignore", "names no rule"),
        ("# cardlint: bounded=50", "gives no reason"),
        ("# cardlint: bounded=many -- x", "claims no number"),
        ("# cardlint: bounded=0 -- x", "claims no number"),
        ("# cardlint: bounded=50 until=2001-01-01 -- x", "expired on 2001-01-01"),
        ("# cardlint: please", "is not understood"),
    ],
)
def test_what_is_wrong_with_a_comment_is_a_finding(comment: str, problem: str, lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="  " + comment)
    found = [f for f in lint(code).report.findings if f.rule == "bad-ignore"]
    assert len(found) == 1
    assert problem in found[0].message
    assert found[0].place.line == 9


def test_a_claim_without_a_reason_holds_and_one_that_has_expired_does_not(lint: Lint) -> None:
    for comment, rules in (
        ("# cardlint: bounded=50", ["bad-ignore"]),
        ("# cardlint: bounded=50 until=2001-01-01 -- x", ["identity-label", "bad-ignore"]),
        ("# cardlint: bounded=50 until=2999-01-01 -- x", []),
    ):
        code = CODE.format(declared="", inside="", after="  " + comment)
        assert [f.rule for f in lint(code).report.findings] == rules


def test_a_reason_can_be_left_to_others(lint: Lint) -> None:
    code = CODE.format(declared="", inside="", after="  # cardlint: ignore[identity-label]")
    assert lint(code, require_reason=False).report.findings == ()
    expired = code.replace("label]", "label] until=2001-01-01")
    assert [f.rule for f in lint(expired, require_reason=False).report.findings] == ["identity-label", "bad-ignore"]


def test_the_comment_at_the_declaration_covers_every_use_in_every_file(lint: Lint) -> None:
    uses = "from metrics import C\n\n\ndef f(user_id):\n    C.labels(user_id).inc()\n"
    declared = 'from prometheus_client import Counter\n\nC = Counter(\n    "a_total",\n    "A",\n    ["user_id"],{}\n)\n'
    comment = "  # cardlint: ignore[identity-label] -- a handful of test users"
    for text in (
        declared.format(comment),
        declared.format("").replace("\n)\n", f"\n){comment}\n"),
        declared.format("").replace("C = ", f"{comment.strip()}\nC = "),
    ):
        run = lint({"metrics.py": text, "a.py": uses, "pkg/b.py": uses})
        assert run.report.findings == ()
        assert run.report.summary.suppressed == 2


def test_a_claim_raises_no_size(lint: Lint) -> None:
    code = 'from prometheus_client import Counter\nC = Counter("c", "C", ["who", "kind"])\ndef f(who, fast):\n    C.labels(who, "a" if fast else "b")'
    [site] = lint(f"{code}  # cardlint: bounded=50 -- fifty accounts\n").program.sites
    assert [arg.value.size for arg in site.args] == [50, 2]


def test_the_help_of_a_claim_shows_a_claim(lint: Lint) -> None:
    for after, shown in (("bounded=9", "bounded=50"), ("bounded=x -- y", "bounded=50"), ("ignore[raw-path]", "ignore[rule]")):
        code = CODE.format(declared="", inside="", after=f"  # cardlint: {after}")
        assert [f.help.split("cardlint: ")[1].split(" ")[0] for f in lint(code).report.findings if f.rule == "bad-ignore"] == [shown]


def test_a_claim_that_bounds_nothing_is_reported(lint: Lint) -> None:
    used = CODE.format(declared="", inside="", after="  # cardlint: bounded=50 -- fifty accounts")
    report = lint(used + "\n\nX = 1  # cardlint: bounded=7 -- old\n").report
    assert [(f.rule, f.message) for f in report.findings] == [("unused-ignore", "this comment bounds no label: `bounded=7`")]
    declared = CODE.format(declared="  # cardlint: bounded=50 -- fifty accounts", inside="", after="")
    assert lint(declared).report.findings == ()
    alone = declared[: declared.index("def f")].replace("user_id", "tenant")
    assert lint(alone).report.findings == (), "its uses may stand in files that are not looked at"


def test_a_claim_at_the_declaration_holds_where_no_use_is_in_sight(lint: Lint) -> None:
    code = 'from prometheus_client import Counter\n\nC = Counter("c_total", "C", ["user_id"])'
    assert [f.rule for f in lint(code + "\n").report.findings] == ["identity-label"]
    assert lint(code + "  # cardlint: bounded=50 -- fifty accounts\n").report.findings == ()
