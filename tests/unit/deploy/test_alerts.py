"""The alerts: each fires on what it is for (promtool tries it), has a runbook, and names metrics that exist."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.tools import missing

from .commands import services
from .queries import problems
from .shared import DEPLOY, document

PROMETHEUS = DEPLOY / "prometheus"
RUNBOOKS = DEPLOY / "runbooks"
RULES = [rule for group in document(PROMETHEUS / "rules.yml")["groups"] for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
RECORDED = {rule["record"]: rule["expr"] for rule in RULES if "record" in rule}


def promtool(*arguments: str | Path) -> None:
    """Fails with what promtool says."""
    if shutil.which("promtool") is None:
        missing("promtool isn't installed (Debian's package prometheus has it)")
    done = subprocess.run(
        ["promtool", *map(str, arguments)], cwd=PROMETHEUS, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_takes_the_rules() -> None:
    promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yml")


def test_prometheus_takes_its_configuration() -> None:
    promtool("check", "config", "prometheus.yml")


def test_prometheus_takes_the_job_for_kubernetes(tmp_path: Path) -> None:
    """Debian's promtool has no Kubernetes in it, so other targets stand in for its pods."""
    text = (PROMETHEUS / "kubernetes.yml").read_text()
    pods = re.search(r"    kubernetes_sd_configs:\n(?:      .*\n)+", text)
    assert pods
    stand_in = tmp_path / "kubernetes.yml"
    stand_in.write_text(text.replace(pods[0], "    static_configs: [{targets: ['127.0.0.1:9464']}]\n"))
    promtool("check", "config", stand_in)


@pytest.mark.timeout(180)
def test_every_alert_fires_when_it_should_and_not_beside_it() -> None:
    promtool("test", "rules", "rules_test.yml")


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_is_tried_firing_and_silent(alert: str) -> None:
    tests: list[Any] = document(PROMETHEUS / "rules_test.yml")["tests"]
    tried = [each for test in tests for each in test.get("alert_rule_test", []) if each["alertname"] == alert]
    assert any(each["exp_alerts"] for each in tried)
    series = [
        len(test["input_series"]) - len(each["exp_alerts"])
        for test in tests
        for each in test.get("alert_rule_test", [])
        if each["alertname"] == alert
    ]
    assert any(not each["exp_alerts"] for each in tried) or any(beside > 0 for beside in series)


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_says_how_urgent_it_is_and_where_its_runbook_lies(alert: str) -> None:
    rule = ALERTS[alert]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert rule["annotations"].keys() == {"summary", "description", "runbook"}
    assert rule["annotations"]["runbook"] == f"deploy/runbooks/{alert}.md"


@pytest.mark.parametrize("alert", ALERTS)
def test_a_runbook_says_what_it_means_how_to_see_it_and_what_to_do(alert: str) -> None:
    text = (RUNBOOKS / f"{alert}.md").read_text()
    headings = re.findall(r"^##? (.*)$", text, re.MULTILINE)
    assert headings[:4] == [alert, "What it means", "How to see it", "What to do"]


def test_there_is_no_runbook_for_an_alert_that_isnt_there() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"} == ALERTS.keys()


def test_a_runbook_refers_only_to_runbooks_that_exist() -> None:
    for path in RUNBOOKS.glob("*.md"):
        assert set(re.findall(r"\bStoryline[A-Z]\w+", path.read_text())) <= ALERTS.keys(), path.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.get("alert") or rule["record"])
def test_a_rule_asks_for_metrics_that_services_have(rule: dict[str, Any]) -> None:
    assert list(problems(rule["expr"], RECORDED)) == []


def test_the_check_of_names_finds_a_metric_a_label_and_a_value_that_arent_there() -> None:
    assert list(problems("rate(storyline_stage_records_lost_total[5m])", {}))
    assert list(problems("sum by (colour) (storyline_stage_owned_partitions)", {}))
    assert list(problems('storyline_health_ok{colour="red"}', {}))
    assert list(problems('storyline_health_ok{check="happy"}', {}))


def test_every_service_is_asked_for_its_metrics_once_where_the_compose_file_serves_them() -> None:
    (job,) = document(PROMETHEUS / "prometheus.yml")["scrape_configs"]
    asked = [(name, each["port"]) for each in job["dns_sd_configs"] for name in each["names"]]
    containers = document(DEPLOY / "compose" / "compose.yaml")["services"]
    served = {name: containers[name]["environment"] for name in services()}
    assert sorted(asked) == sorted(
        (name, int(has.get("STORYLINE_LAG_PORT", has["STORYLINE_METRICS_PORT"]))) for name, has in served.items()
    )


def test_an_alert_names_only_services_and_misses_none_that_may_be_left_out() -> None:
    named = set(re.findall(r'service="(\w+)"', ALERTS["StorylineServiceDown"]["expr"]))
    optional = {
        name for name, each in document(DEPLOY / "compose" / "compose.yaml")["services"].items() if "profiles" in each
    }
    assert named and named <= services() - optional
