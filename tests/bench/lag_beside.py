"""`python -m tests.bench.lag_beside`: lag beside Kafka's own tool and beside Burrow's rules, on the same groups.

Fourteen groups on Apache Kafka 4 read well, then each gets its fault. At each beat `storyline lag`'s observer looks,
and Burrow's rules are replayed on the commits that lie in `__consumer_offsets` (Burrow 1.2 can't read Kafka 4). In the
end everything stands still, and the offsets and lags of `kafka-consumer-groups.sh --describe --all-groups` are compared
with those of the command `storyline lag`. Exit 1 if a number differs, or a verdict without a reason in `REASONS`.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field

import click

from storyline.domain.lag.status import Status
from storyline.edges.lag.judging import Bounds
from storyline.edges.lag.observer import Observer
from storyline.edges.lag.view import PartitionView, View
from storyline.infra.kafka import KafkaConnection, KafkaWatcher

from ..servers import KafkaBroker
from .lag_burrow import Burrow, Commits
from .lag_groups import CASES, Groups

TOOL = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
REASONS = {
    "hung": "it kept its membership and commits nothing; a broker tells who is a member, not when it committed: STALL",
    "lost": "records were deleted unread, which is worse than a stop: ERROR, with their number",
    "beyond": "a committed offset beyond the end means the log was cut or made anew; Burrow sees a lag of 0",
    "marker": "the one left is a transaction's marker, which nobody can read: nothing waits",
    "aborted": "the four left are aborted records and their marker, which nobody reads: nothing waits",
}
"""Why our verdict differs from Burrow's, where it does."""


@dataclass
class Verdicts:
    """What was said of one case."""

    before: str = "OK"
    """The worst while all was well."""
    first: str = "OK"
    """The first that wasn't OK after the fault."""
    after_seconds: float | None = None
    """From the fault to it."""

    def say(self, said: str, since_fault: float | None) -> None:
        if said in ("OK", "NOTFOUND"):
            if since_fault is not None and said == "NOTFOUND":
                self.first = said
        elif since_fault is None:
            self.before = said
        elif self.after_seconds is None:
            self.first, self.after_seconds = said, since_fault


@dataclass
class Row:
    """One case, all of it."""

    case: str
    kafka: tuple[str, ...] = ()
    """Current offset, end and lag as the tool prints them."""
    ours: tuple[str, ...] = ()
    seconds: float | None = None
    true_seconds: float | None = None
    """Age of the first unread record by the time it was written at; None where nothing is unread or not known."""
    note: str = ""
    verdict: Verdicts = field(default_factory=Verdicts)
    burrow: Verdicts = field(default_factory=Verdicts)

    @property
    def numbers_agree(self) -> bool:
        current, end, lag = self.kafka
        # The tool prints what is beyond the end as a negative lag.
        return self.ours == (current, end, "0" if lag.startswith("-") and lag != "-" else lag)

    @property
    def verdicts_agree(self) -> bool:
        return self.verdict.first == self.burrow.first

    @property
    def right(self) -> bool:
        return self.numbers_agree and (self.verdicts_agree or self.case in REASONS)


@click.command(help=__doc__)
@click.option("--interval", default=1.0, show_default=True, help="Seconds from beat to beat.")
@click.option("--window", default=10, show_default=True, help="Beats that both keep; Burrow's default is 10.")
@click.option("--json", "as_json", is_flag=True)
def main(interval: float, window: int, as_json: bool) -> None:
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with KafkaBroker(properties={"log.cleaner.backoff.ms": "200"}) as broker:
        rows = asyncio.run(play(broker.address, tuple(CASES), interval, window))
    print(table(rows), file=sys.stderr if as_json else sys.stdout)
    if as_json:
        print(json.dumps([{**vars(row), "verdict": vars(row.verdict), "burrow": vars(row.burrow)} for row in rows]))
    sys.exit(0 if all(row.right for row in rows) else 1)


async def play(address: str, cases: tuple[str, ...], interval_seconds: float, window: int) -> list[Row]:
    """All of it on one broker: a window of good beats, the faults, two windows more, then the numbers."""
    rows = {case: Row(case) for case in cases}
    async with (
        Groups(address, f"beside-{uuid.uuid4().hex[:8]}", cases) as groups,
        KafkaWatcher(KafkaConnection(address)) as watcher,
        Commits(address) as commits,
    ):
        bounds = Bounds(groups=f"{groups.prefix}-.*", window=window, patience_seconds=window * interval_seconds)
        observer, burrow, fault = Observer(watcher, bounds), Burrow(window), None
        started, beat = time.time(), 0
        # The rules compare a silence with a window's length, and on a busy machine beats aren't equally long.
        while beat < 3 * window + 2 or time.time() - (fault or started) < 1.5 * ((fault or started) - started):
            if beat == window + 2:
                await groups.fail()
                fault = time.time()
            began, beat = time.monotonic(), beat + 1
            await groups.beat()
            await commits.into(burrow)
            view = await observer.look()
            _judge(rows, groups, view, burrow, None if fault is None else view.at_seconds - fault)
            await asyncio.sleep(max(0.0, interval_seconds - (time.monotonic() - began)))
        view = await observer.look()
        _ages(rows, groups, view)
        tool, ours = await asyncio.gather(asyncio.to_thread(_tool, groups), asyncio.to_thread(_command, groups))
    for case, row in rows.items():
        row.kafka, row.ours = tool[groups.group(case)], ours[groups.group(case)]
    return list(rows.values())


def _judge(rows: dict[str, Row], groups: Groups, view: View, burrow: Burrow, since_fault: float | None) -> None:
    ends = {(topic, partition): end for topic, found in view.topics.items() for partition, end in found.items()}
    for case, row in rows.items():
        place = (groups.topic(case), 0)
        ours = _partition(view, groups, case)
        row.verdict.say(ours.status.in_burrow if ours is not None else Status.NOT_FOUND.in_burrow, since_fault)
        row.burrow.say(burrow.status(groups.group(case), place, view.at_seconds * 1000), since_fault)
    burrow.refresh(ends)


def _ages(rows: dict[str, Row], groups: Groups, view: View) -> None:
    for case, row in rows.items():
        ours = _partition(view, groups, case)
        if ours is None or ours.committed is None or ours.start is None:
            continue
        first, written = max(ours.committed, ours.start), groups.written[case]
        row.seconds, row.note = ours.seconds, ours.note
        unread = min((offset for offset in written if offset >= first), default=None)
        row.true_seconds = None if unread is None else view.at_seconds - written[unread]


def _partition(view: View, groups: Groups, case: str) -> PartitionView | None:
    group = view.groups.get(groups.group(case))
    return group.partitions[0] if group is not None and group.partitions else None


def _tool(groups: Groups) -> dict[str, tuple[str, ...]]:
    """Group → current offset, end, lag, as Kafka's tool prints them."""
    command = KafkaBroker.tool(TOOL, "--bootstrap-server", groups.address, "--describe", "--all-groups")
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    cells = [line.split() for line in done.stdout.splitlines() if line.startswith(groups.prefix)]
    return {row[0]: tuple(row[3:6]) for row in cells}


def _command(groups: Groups) -> dict[str, tuple[str, ...]]:
    """The same from `storyline lag`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STORYLINE_")}
    done = subprocess.run(
        [sys.executable, "-m", "storyline", "lag", "--group", f"{groups.prefix}-*", "--apart", "0", "--json"],
        env=kept | {"STORYLINE_KAFKA_BOOTSTRAP_SERVERS": groups.address},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    report = json.loads(done.stdout.splitlines()[-1])
    found = {group["group"]: group["partitions"][0] for group in report["groups"]}
    return {group: tuple(_number(row[name]) for name in ("committed", "end", "lag")) for group, row in found.items()}


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)


def table(rows: list[Row]) -> str:
    """For people."""
    lines = [
        f"{'case':<12} {'kafka tool: offset end lag':>26} {'ours':>16} {'':<4} {'seconds':>8} {'true':>7}"
        f"  {'Burrow':<16} {'ours':<16}"
    ]
    for row in rows:
        same = "same" if row.numbers_agree else "DIFF"
        lines.append(
            f"{row.case:<12} {' '.join(row.kafka):>26} {' '.join(row.ours):>16} {same:<4} {_span(row.seconds):>8}"
            f" {_span(row.true_seconds):>7}  {_said(row.burrow):<16} {_said(row.verdict):<16}"
            f" {'same' if row.verdicts_agree else REASONS.get(row.case, 'DIFFERENT')}"
        )
    false = [f"{row.case} ({row.verdict.before})" for row in rows if row.verdict.before != "OK"]
    theirs = [f"{row.case} ({row.burrow.before})" for row in rows if row.burrow.before != "OK"]
    lines.append(f"Not OK while all was well: ours {', '.join(false) or 'none'}; Burrow {', '.join(theirs) or 'none'}.")
    return "\n".join(lines)


def _said(verdicts: Verdicts) -> str:
    after = "" if verdicts.after_seconds is None else f" after {verdicts.after_seconds:.1f} s"
    return f"{verdicts.first}{after}"


def _span(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f}"


if __name__ == "__main__":
    main()
