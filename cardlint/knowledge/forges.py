"""PyGithub, python-gitlab and jira: issues, changes, commits and runs, of which there are more every day."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, deployment, leads, people, unbounded
from cardlint.knowledge.schema import Library, Row

WRITTEN = "text that a person wrote"
NAMED = "the name of a branch"
REPOSITORY, ISSUE, PULL, COMMIT, RUN = (
    f"github.{module}"
    for module in ("Repository.Repository", "Issue.Issue", "PullRequest.PullRequest", "Commit.Commit", "WorkflowRun.WorkflowRun")
)
LISTED = (
    ("get_issues()[*]", ISSUE),
    ("get_issue()", ISSUE),
    ("get_pulls()[*]", PULL),
    ("get_pull()", PULL),
    ("get_commits()[*]", COMMIT),
    ("get_commit()", COMMIT),
    ("get_workflow_runs()[*]", RUN),
    ("get_workflow_run()", RUN),
)
OWNERS = ("github.Github.get_user()", "github.Github.get_organization()")


def _github() -> tuple[Row, ...]:
    return (
        *leads(
            ("github.Github.get_repo()", REPOSITORY),
            *((f"{owner}.{name}", REPOSITORY) for owner in OWNERS for name in ("get_repos()[*]", "get_repo()")),
            *((f"{REPOSITORY}.{name}", target) for name, target in LISTED),
            ("github.Github.search_issues()[*]", ISSUE),
            (f"{PULL}.get_commits()[*]", COMMIT),
        ),
        *deployment("inventory", "a repository that is watched", *below(REPOSITORY, ".name", ".full_name", ".default_branch")),
        *unbounded(
            "identity", "the number of an issue or a change", *below(ISSUE, ".number", ".id"), *below(PULL, ".number", ".id"), advice=LOG
        ),
        *unbounded(
            "identity",
            "the hash of a commit",
            f"{COMMIT}.sha",
            *below(PULL, ".head.sha", ".merge_commit_sha"),
            f"{RUN}.head_sha",
            advice=LOG,
        ),
        *unbounded("identity", "the id of one run", *below(RUN, ".id", ".run_number"), advice=LOG),
        *unbounded("free-text", NAMED, f"{PULL}.head.ref", f"{RUN}.head_branch", advice="whether it is the default branch"),
        *unbounded(
            "free-text",
            WRITTEN,
            *(f"{owner}.{name}" for owner in (ISSUE, PULL) for name in ("title", "body")),
            f"{COMMIT}.commit.message",
            f"{RUN}.display_title",
            advice=LOG,
        ),
        *people("a person on GitHub", f"{ISSUE}.user", f"{PULL}.user", f"{ISSUE}.assignee", f"{COMMIT}.author", f"{RUN}.actor"),
        *bounded(2, "state", "whether an issue is closed", f"{ISSUE}.state", f"{PULL}.state"),
    )


GITLAB = "gitlab.Gitlab"
PROJECT, GROUP, PIPELINE, JOB, MERGE, TICKET, CHANGE = (
    f"gitlab.v4.objects.{name}"
    for name in ("Project", "Group", "ProjectPipeline", "ProjectJob", "ProjectMergeRequest", "ProjectIssue", "ProjectCommit")
)
MANAGERS = (
    (GITLAB, "projects", PROJECT),
    (GITLAB, "groups", GROUP),
    (GITLAB, "mergerequests", MERGE),
    (GITLAB, "issues", TICKET),
    (GROUP, "projects", PROJECT),
    (GROUP, "mergerequests", MERGE),
    (GROUP, "issues", TICKET),
    (PROJECT, "pipelines", PIPELINE),
    (PROJECT, "jobs", JOB),
    (PIPELINE, "jobs", JOB),
    (PROJECT, "mergerequests", MERGE),
    (PROJECT, "issues", TICKET),
    (PROJECT, "commits", CHANGE),
)


def _gitlab() -> tuple[Row, ...]:
    return (
        *leads(*((f"{owner}.{name}.{got}", made) for owner, name, made in MANAGERS for got in ("list()[*]", "get()"))),
        *deployment("inventory", "a project that is watched", *below(PROJECT, ".name", ".path", ".path_with_namespace", ".default_branch")),
        *unbounded("identity", "the id of one run", *below(PIPELINE, ".id", ".iid"), f"{JOB}.id", advice=LOG),
        *unbounded(
            "identity",
            "the number of an issue or a change",
            *(f"{made}.{name}" for made in (MERGE, TICKET) for name in ("id", "iid")),
            advice=LOG,
        ),
        *unbounded("identity", "the hash of a commit", f"{PIPELINE}.sha", f"{MERGE}.sha", *below(CHANGE, ".id", ".short_id"), advice=LOG),
        *unbounded(
            "free-text",
            NAMED,
            f"{PIPELINE}.ref",
            f"{JOB}.ref",
            f"{MERGE}.source_branch",
            advice="whether it is the default branch",
        ),
        *unbounded(
            "free-text",
            WRITTEN,
            *(f"{made}.{name}" for made in (MERGE, TICKET) for name in ("title", "description")),
            *below(CHANGE, ".title", ".message"),
            advice=LOG,
        ),
    )


FOUND = "jira.Issue"


def _jira() -> tuple[Row, ...]:
    return (
        *leads(("jira.JIRA.search_issues()[*]", FOUND), ("jira.JIRA.issue()", FOUND), ("jira.JIRA.create_issue()", FOUND)),
        *unbounded("identity", "the key of an issue", *below(FOUND, ".key", ".id"), advice=LOG),
        *unbounded("free-text", WRITTEN, *below(FOUND, ".fields.summary", ".fields.description"), advice=LOG),
        *people("a person in Jira", *below(FOUND, ".fields.assignee", ".fields.reporter", ".fields.creator")),
    )


LIBRARY = Library(
    packages=("github", "gitlab", "jira"),
    rows=(*_github(), *_gitlab(), *_jira()),
    aliases=(
        ("github.MainClass.Github", "github.Github"),
        ("gitlab.client.Gitlab", GITLAB),
        ("jira.client.JIRA", "jira.JIRA"),
        ("jira.resources.Issue", FOUND),
    ),
)
"""PyGithub 2.10, `Repository.py`, `Issue.py`, `PullRequest.py`, `WorkflowRun.py`; python-gitlab 8.6, `v4/objects`, with the attributes of
GitLab's REST API; jira 3.10, `client.py` and `resources.py`. Names of states, labels and priorities are few: no row has them."""
