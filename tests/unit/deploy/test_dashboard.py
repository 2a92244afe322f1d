"""The dashboard asks for what services have, and of a data source that is set up."""

import json
from typing import Any

import pytest

from .queries import problems
from .shared import DEPLOY, document
from .test_alerts import RECORDED

DASHBOARD = json.loads((DEPLOY / "grafana" / "dashboards" / "storyline.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_asks_for_metrics_that_services_have(panel: dict[str, Any]) -> None:
    assert panel["targets"]
    for target in panel["targets"]:
        assert list(problems(target["expr"], RECORDED)) == []


def test_every_panel_asks_the_data_source_that_is_set_up() -> None:
    (source,) = document(DEPLOY / "grafana" / "provisioning" / "datasources" / "prometheus.yml")["datasources"]
    assert {panel["datasource"]["uid"] for panel in PANELS} == {source["uid"]}


def test_panels_have_ids_and_places_of_their_own() -> None:
    every = DASHBOARD["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    assert len({(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in every}) == len(every)
