"""What edges tell: requests by sort and status, articles by door and format, deliveries: all from the catalogue."""

import re

import pytest

from storyline.domain.notify.ports import OUTCOMES
from storyline.edges.ingest.readers.registry import FORMATS as READERS
from storyline.edges.lag import metrics as lag
from storyline.edges.lag.view import GroupView, PartitionView, View
from storyline.observe import catalogue
from storyline.observe.http import Message, Receive, Scope, Send, counted
from storyline.observe.meter import Meter


def series(meter: Meter, name: str) -> dict[tuple[str, ...], object]:
    return {values: value for metric, values, value in meter.read() if metric.name == name and value}


def answering(status: int | None):
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if status is None:
            raise RuntimeError("a fault of ours")
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    return app


async def ask(app, path: str) -> None:
    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None: ...

    await app({"type": "http", "path": path}, receive, send)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "page"), ("/stories/st-1", "page"), ("/api/stories", "api"), ("/events", "stream"),
        ("/stories/st-1/events", "stream"), ("/feed.atom", "feed"), ("/static/ab/site.css", "static"),
        ("/ready", "probe"), ("/%00/../../etc", "page"),
    ],
)  # fmt: skip
async def test_a_request_is_counted_by_the_sort_of_its_address(path: str, kind: str) -> None:
    meter = Meter("page")
    await ask(counted(answering(304), meter), path)
    assert series(meter, "storyline_http_requests_total") == {(kind, "3xx"): 1.0}


async def test_a_request_that_ends_in_an_exception_counts_as_a_fault_of_ours() -> None:
    meter = Meter("page")
    with pytest.raises(RuntimeError):
        await ask(counted(answering(None), meter), "/")
    assert series(meter, "storyline_http_requests_total") == {("page", "5xx"): 1.0}


def test_every_format_that_is_read_has_a_label() -> None:
    assert set(READERS) <= set(catalogue.FORMATS)


def test_every_outcome_of_a_delivery_has_a_label() -> None:
    labels = {label.name: label for label in catalogue.BY_NAME["storyline_notifier_deliveries_total"].labels}
    assert set(OUTCOMES) <= set(labels["outcome"].values or ())


def test_the_lag_service_exposes_what_the_catalogue_says() -> None:
    of_lag = {metric.name for metric in catalogue.METRICS if metric.services == ("lag",)}
    row = PartitionView("wire", 0, seconds=1.0, lag=3, loss_seconds=60.0)
    view = View(1.0, 0.1, {"g": GroupView("g", partitions=[row], seconds=1.0)}, {})
    told = lag.text(lag.registry(lag.Counts(view=view))).decode()
    assert of_lag == {name for name in re.findall(r"^(\w+)(?:\{.*\})? ", told, re.M) if name.startswith("storyline_")}
