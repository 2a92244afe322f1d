"""`python -m tests.bench.lag_detection`: how soon each fault is told, by the command, the service and the alerts.

Groups on Apache Kafka read well for a while, then each gets its fault. From then on are timed: `storyline lag`,
started again and again; one `storyline lag --watch`; the service `storyline run lag` with its own defaults; and the
alerts of `deploy/prometheus/rules.yml` in a real Prometheus with the intervals of `deploy/prometheus/prometheus.yml`.
About twelve minutes; needs Debian's `prometheus` beside what the tests need.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import click
import yaml

from ..servers import KafkaBroker, Server, free_port
from .lag_groups import Groups

CASES = ("healthy", "catching up", "slow", "stopped", "hung", "stalled", "rewound", "reset", "lost", "beyond")
FAULTY = CASES[2:]
DEPLOY = Path(__file__).parents[2] / "deploy/prometheus"
COMMAND, WATCH, SERVICE = "storyline lag", "--watch", "run lag"
WATCH_SECONDS = 5


class Prometheus(Server):
    """Debian's, with our rules and intervals and one target."""

    name = "prometheus"
    target = ""

    def command(self) -> list[str]:
        config = yaml.safe_load((DEPLOY / "prometheus.yml").read_text())
        config["rule_files"] = [str(DEPLOY / "rules.yml")]
        labels = {"service": "lag"}
        static = [{"targets": [self.target], "labels": labels}]
        config["scrape_configs"] = [{"job_name": "storyline", "static_configs": static}]
        file = self.directory / "prometheus.yml"
        file.write_text(yaml.safe_dump(config))
        program = shutil.which("prometheus")
        assert program is not None, "prometheus is not installed"
        return [program, f"--config.file={file}", f"--storage.tsdb.path={self.directory / 'data'}",
                f"--web.listen-address={self.address}"]  # fmt: skip


class Heard:
    """Case → by whom → what was said first, and how many seconds after the fault."""

    def __init__(self, groups: Groups) -> None:
        self.cases = {groups.group(case): case for case in CASES}
        self.first: dict[str, dict[str, tuple[str, float]]] = {case: {} for case in CASES}
        self.fault: float | None = None
        self.false: list[str] = []
        """What was said before there was a fault."""

    def say(self, by: str, group: str, said: str) -> None:
        case = self.cases.get(group)
        if case is None or said in ("OK", "NOT FOUND"):
            return
        if self.fault is None:
            self.false.append(f"{case}: {said} by {by}")
        else:
            self.first[case].setdefault(by, (said, time.time() - self.fault))

    def report(self, by: str, report: dict[str, Any]) -> None:
        """The JSON of a look."""
        for group in report["groups"]:
            for row in group["partitions"]:
                self.say(by, group["group"], row["status"])

    @property
    def complete(self) -> bool:
        return all(self.alert_of(case) for case in FAULTY)

    def alert_of(self, case: str) -> tuple[str, float] | None:
        fired = [(name, at) for name, (_, at) in self.first[case].items() if name.startswith("Storyline")]
        return min(fired, key=lambda each: each[1], default=None)


@click.command(help=__doc__)
@click.option(
    "--well", default=150.0, show_default=True, help="Seconds without a fault first: a window of the service."
)
@click.option("--most", default=600.0, show_default=True, help="Seconds to wait for the last alert.")
@click.option("--json", "as_json", is_flag=True)
def main(well: float, most: float, as_json: bool) -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with ExitStack() as stack:
        broker = stack.enter_context(KafkaBroker())
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        heard = asyncio.run(_measure(broker.address, directory, well, most))
    print(table(heard), file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print(json.dumps({"first": heard.first, "false": heard.false}))


async def _measure(address: str, directory: Path, well: float, most: float) -> Heard:
    async with Groups(address, f"detect-{uuid.uuid4().hex[:8]}", CASES) as groups:
        await groups.beat()
        environment = _environment(address, groups.prefix)
        service = _start(["run", "lag"], environment | {"STORYLINE_LAG_PORT": str(port := free_port())}, directory)
        prometheus = Prometheus()
        prometheus.target = f"127.0.0.1:{port}"
        watch = _start(["lag", "--watch", "--interval", str(WATCH_SECONDS), "--json"], environment, directory)
        heard = Heard(groups)
        tasks = []
        try:
            await asyncio.to_thread(prometheus.start)
            listening = (
                _again(1.0, lambda: heard.report(SERVICE, _get(port, "/api/lag"))),
                _again(1.0, lambda: _alerts(heard, _get(prometheus.port, "/api/v1/alerts"))),
                _again(0.5, lambda: _watched(heard, directory / "watch.out")),
                _again(2.0, lambda: heard.report(COMMAND, _command(environment))),
            )
            tasks = [asyncio.create_task(each) for each in listening]
            await _play(groups, heard, well, most)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            prometheus.close()
            for process in (service, watch):
                process.terminate()
                process.wait(30)
        return heard


async def _play(groups: Groups, heard: Heard, well: float, most: float) -> None:
    """A beat a second."""
    started = time.time()
    while heard.fault is None or (not heard.complete and time.time() - heard.fault < most):
        if heard.fault is None and time.time() - started > well:
            await groups.fail()
            heard.fault = time.time()
        began = time.monotonic()
        await groups.beat()
        await asyncio.sleep(max(0.0, 1.0 - (time.monotonic() - began)))


async def _again(pause_seconds: float, ask: Callable[[], None]) -> None:
    while True:
        with suppress(urllib.error.URLError, OSError):  # not there yet
            await asyncio.to_thread(ask)
        await asyncio.sleep(pause_seconds)


def _environment(address: str, prefix: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
    return kept | {"STORYLINE_KAFKA_BOOTSTRAP_SERVERS": address, "STORYLINE_LAG_GROUPS": f"{prefix}-.*"}


def _start(arguments: list[str], environment: dict[str, str], directory: Path) -> subprocess.Popen[bytes]:
    with (
        (directory / f"{arguments[-1].strip('-')}.err").open("wb") as errors,
        (directory / "watch.out").open("ab") as out,
    ):
        return subprocess.Popen(
            [sys.executable, "-m", "storyline", *arguments], env=environment, stdout=out, stderr=errors
        )


def _command(environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "storyline", "lag", "--json"],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _watched(heard: Heard, out: Path) -> None:
    lines = [line for line in out.read_text().splitlines(keepends=True) if line.endswith("\n")]
    for line in lines[-1:]:
        heard.report(WATCH, json.loads(line))


def _alerts(heard: Heard, answer: dict[str, Any]) -> None:
    for alert in answer["data"]["alerts"]:
        if alert["state"] == "firing":
            heard.say(alert["labels"]["alertname"], alert["labels"].get("group", ""), "firing")


def _get(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return json.loads(answer.read())


def table(heard: Heard) -> str:
    """For people."""
    lines = [f"{'fault':<12} {COMMAND:<18} {WATCH:<18} {SERVICE:<18} first alert that fires"]
    for case in FAULTY:
        alert = heard.alert_of(case)
        fired = f"{alert[0]} after {alert[1]:.0f} s" if alert else "none"
        lines.append(f"{case:<12} " + " ".join(f"{each:<18}" for each in _said(heard, case)) + f" {fired}")
    others = [case for case in CASES if case not in FAULTY and heard.first[case]]
    lines.append(f"Told without a fault: {', '.join([*dict.fromkeys(heard.false), *others]) or 'nothing'}.")
    return "\n".join(lines)


def _said(heard: Heard, case: str) -> Iterable[str]:
    for by in (COMMAND, WATCH, SERVICE):
        found = heard.first[case].get(by)
        yield f"{found[0]} after {found[1]:.0f} s" if found else "-"


if __name__ == "__main__":
    main()
