"""`storyline edit` as a person types it, on the running services."""

import json
from typing import Any

import pytest

from storyline_schemas import Article

from ..wires import article
from .harness import Cluster

pytestmark = [pytest.mark.kafka, pytest.mark.redis, pytest.mark.slow]


async def test_a_person_merges_splits_renames_closes_and_reopens(cluster: Cluster) -> None:
    cluster.start("matcher"), cluster.start("updater")
    values = [article("a:1"), article("a:2", number=14), article("b:1", "budget")]
    await cluster.send_articles(map(Article.model_validate, values))
    await cluster.settled()
    ferry, budget = story_of(cluster, "a:1"), story_of(cluster, "b:1")

    done = edit(cluster, "merge", budget, ferry, "--author", "desk", "--reason", "one matter")
    assert (done["ok"], done["status"]) == (True, "merged")
    await cluster.settled()
    done = edit(cluster, "split", ferry, "b:1", "--author", "desk")
    assert (done["ok"], story_of(cluster, "b:1") not in (ferry, budget)) == (True, True)
    assert done["opened"] == story_of(cluster, "b:1")
    edit(cluster, "rename", ferry, "Alma stranded", "--author", "desk")
    edit(cluster, "close", ferry, "--author", "desk")
    assert shown(cluster, ferry)["status"] == "closed"
    edit(cluster, "reopen", ferry, "--author", "desk")
    await cluster.settled()
    story = shown(cluster, ferry)
    assert (story["status"], story["headline"], story["article_count"]) == ("open", "Alma stranded", 2)

    rows = json.loads(cluster.ok("show", ferry, "--history", "--json").splitlines()[-1])["versions"]
    asked = [(each["action"], each["author"]) for row in rows for each in row["edits"]]
    assert asked == [(action, "desk") for action in ("merge", "split", "rename", "close", "reopen")]
    assert [row["version"] for row in rows] == list(range(1, len(rows) + 1))
    assert "+ # Alma stranded" in cluster.ok("show", ferry, "--diff", "1", str(len(rows)))
    assert json.loads(cluster.ok("show", ferry, "--at", "1", "--format", "json"))["version"] == 1

    assert edit(cluster, "lock", ferry, "1", "--author", "desk")["ok"]
    assert shown(cluster, ferry)["sections"][0]["locked"]
    missing = cluster.cli("edit", "lock", ferry, "s99")
    assert (missing.returncode, "it has no section s99" in missing.stderr) == (1, True)
    undone = edit(cluster, "undo", ferry)
    assert (undone["action"], undone["carried_out_as"]) == ("undo", "unlock")
    assert edit(cluster, "pin", ferry)["ok"]
    again = edit(cluster, "pin", ferry, "--wait", "60")
    assert (again["carried_out"], again["reason"]) == (True, "nothing was to be done: it is so already")

    assert edit(cluster, "merge", budget, ferry)["carried_out"] is True  # as it was asked to be
    refused = cluster.cli("edit", "close", budget, "--json")
    assert refused.returncode == 1
    assert ferry in json.loads(refused.stdout.splitlines()[-1])["reason"]
    gone = cluster.cli("edit", "reopen", budget)
    assert (gone.returncode, f"was merged; ask for {ferry}" in gone.stderr) == (1, True)
    wrong = cluster.cli("edit", "merge", ferry, ferry)
    assert (wrong.returncode, "into" in wrong.stderr) == (2, True)


def edit(cluster: Cluster, *arguments: str) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(cluster.ok("edit", *arguments, "--json").splitlines()[-1])
    return report


def story_of(cluster: Cluster, uri: str) -> str:
    return str(json.loads(cluster.ok("explain", uri, "--json").splitlines()[-1])["story_id"])


def shown(cluster: Cluster, id: str) -> dict[str, Any]:
    story: dict[str, Any] = json.loads(cluster.ok("show", id, "--format", "json"))
    return story
