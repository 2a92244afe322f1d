"""Faults on real servers, seeded; then what the topics and Redis say: `make chaos ROUNDS=20 SEED=1 FAULTS=kill9,redis`.

Each round sends articles at a steady pace while its faults strike, waits until all is handled, and audits everything
so far from outside. The last line is one JSON object; exit code 1 if anything in it that must be 0 isn't. A seed gives
the same faults in the same order, with the same pauses and victims.
"""

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from storyline.infra.redis import keys
from storyline_schemas import Article

from ..auditor import EXAMPLES_MAX, Auditor, Findings
from ..e2e.harness import articles_of
from .faults import Scene, Skipped, strike
from .feed import Feed, source, spaces_of
from .plan import FAULTS, Strike, Unknown, chosen, schedule
from .recovery import Recovery
from .stores import KINDS
from .workers import ROOT, Worker
from .world import World, leave_when_told

MUST_BE_NONE = ("lost", "doubled", "version_gaps", "poison_acked", "untouched_changed")
STRIKE_SECONDS_MAX = 900.0
HELD_SECONDS = 120.0
ENDED = 130
"""Exit code after SIGTERM or SIGINT, as a shell has it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for. `seconds`: no new round begins after so long."""

    rounds: int = 20
    seed: int = 1
    faults: tuple[str, ...] = FAULTS
    seconds: float = 3_600.0
    per_round: int = 3
    kills: int = 3
    per_second: float = 6.0
    enough: int = 0
    """Kills in all after which no new round begins; 0: the rounds alone count."""


@dataclass
class Outcome:
    """What came of it."""

    rounds: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    skipped: dict[str, str] = field(default_factory=dict)
    stuck: list[str] = field(default_factory=list)
    """Faults from which the world didn't come back in time."""


async def run(plan: Plan, articles: Sequence[Article], world: World) -> tuple[dict[str, object], bool]:
    """The report, and whether all was well. `world` is open; its workers are run and ended here."""
    began = time.monotonic()
    feed = Feed(world.broker.address, articles, plan.per_second)
    auditor = Auditor(world.broker.address, feed)
    scene = Scene(world, feed, Recovery(world.broker.address), articles, plan.kills)
    outcome = Outcome()
    async with world:
        await world.ready()
        for strikes in schedule(plan.seed, plan.faults, plan.per_round):
            if _is_over(plan, outcome, scene, time.monotonic() - began):
                break
            await _round(scene, strikes, outcome)
            found = await _audited(auditor, world)
            outcome.rounds += 1
            _tell(outcome, scene, auditor, found, began)
    await feed.close()
    report, well = _report(outcome, scene, auditor, time.monotonic() - began)
    return {"seed": plan.seed, **report}, well


def _is_over(plan: Plan, outcome: Outcome, scene: Scene, seconds: float) -> bool:
    enough = plan.enough and _killed(scene) >= plan.enough
    return bool(outcome.rounds >= plan.rounds or seconds > plan.seconds or outcome.stuck or enough)


async def _round(scene: Scene, strikes: Sequence[Strike], outcome: Outcome) -> None:
    feeding = asyncio.create_task(scene.feed.run(strikes[0].round))
    try:
        for each in strikes:
            _say(f"round {each.round}: {each.fault}")
            try:
                async with asyncio.timeout(STRIKE_SECONDS_MAX):
                    await strike(scene, each)
            except Skipped as why:
                outcome.skipped[each.fault] = str(why)
                continue
            outcome.faults[each.fault] += 1
    except (AssertionError, TimeoutError) as error:
        outcome.stuck.append(f"round {each.round}, {each.fault}: {error or 'not over in time'}")
        _say(f"STUCK {outcome.stuck[-1]}\n{scene.world.logs()}")
    finally:
        feeding.cancel()
        await asyncio.wait([feeding])
    if not feeding.cancelled() and (failed := feeding.exception()) is not None:
        raise failed
    if not outcome.stuck:
        await scene.recovery.caught_up()
        await _embargoes_over(scene, spaces_of(strikes[0].round))


async def _embargoes_over(scene: Scene, spaces: Sequence[str]) -> None:
    await scene.feed.embargoes_over()
    await scene.world.until(lambda: not _held(scene.world, spaces), "what was under embargo comes out", HELD_SECONDS)
    await scene.recovery.caught_up()


def _held(world: World, spaces: Sequence[str]) -> int:
    """Articles that wait for their embargo."""
    with closing(world.redis()) as client:
        return sum(client.zcard(keys.space_holds(space)) for space in spaces)


async def _audited(auditor: Auditor, world: World) -> Findings:
    await auditor.read()
    client = world.redis()
    try:
        return await asyncio.to_thread(auditor.judge, client)
    finally:
        client.close()


def _ends(workers: Sequence[Worker]) -> Counter[str]:
    """What services said that ended by themselves, other than by a signal."""
    ends = [end for worker in workers for end in worker.exits]
    return Counter(f"{end.code}: {end.last_line}" for end in ends if end.code > 0 or end.code not in (0, -9))


def _killed(scene: Scene) -> int:
    """Processes that were ended from outside, or that a poisoned article or a crash point ended."""
    return scene.kills + sum(end.code == -9 and not end.asked for worker in scene.world.workers for end in worker.exits)


def _tell(outcome: Outcome, scene: Scene, auditor: Auditor, found: Findings, began: float) -> None:
    bad = {name: len(items) for name, items in found.bad().items()}
    seconds = time.monotonic() - began
    _say(
        f"round {outcome.rounds}: {bad or 'clean'}, {scene.feed.sent} articles, {_killed(scene)} kills, "
        f"{auditor.repeats} repeats, {seconds:.0f} s"
    )
    for name, items in found.bad().items():
        for each in items[:EXAMPLES_MAX]:
            _say(f"    {name}: {each}")


def _report(outcome: Outcome, scene: Scene, auditor: Auditor, seconds: float) -> tuple[dict[str, object], bool]:
    found = auditor.findings
    ends = _ends(scene.world.workers)
    lost_state = sum(n for line, n in ends.items() if "storyline rebuild" in line)
    unasked = {"state_lost": 0 if outcome.faults["redis-wiped"] else lost_state}
    others = {name: len(items) for name, items in vars(found).items() if name not in MUST_BE_NONE}
    report: dict[str, object] = {
        "rounds": outcome.rounds,
        "faults": dict(sorted(outcome.faults.items())),
        "articles": scene.feed.sent,
        **{name: len(getattr(found, name)) for name in MUST_BE_NONE},
        "recovery_seconds": scene.recovery.report(),
        **others, **unasked,
        "stuck": outcome.stuck,
        "skipped": outcome.skipped,
        "kills": _killed(scene), "signals": dict(scene.signals),
        "recovery_by_fault": scene.recovery.by_fault(),
        "stories": len(auditor.states), "updates": auditor.records["story-updates"], "repeats": auditor.repeats,
        "ends": dict(ends), "seconds": round(seconds),
    }  # fmt: skip
    bad = found.bad() or outcome.stuck or any(unasked.values()) or not outcome.rounds
    return report, not bad


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)


def _faults(names: str) -> tuple[str, ...]:
    try:
        return chosen(names)
    except Unknown as unknown:
        raise argparse.ArgumentTypeError(str(unknown)) from None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--faults", type=_faults, default=FAULTS, help=f"all, or some of {', '.join(FAULTS)}")
    parser.add_argument("--seconds", type=float, default=3_600.0, help="no new round begins after so long")
    parser.add_argument("--per-round", type=int, default=3, help="faults in each round")
    parser.add_argument("--kills", type=int, default=3, help="kills in a row at most, in one fault")
    parser.add_argument("--enough", type=int, default=0, help="kills after which no new round begins")
    parser.add_argument("--per-second", type=float, default=6.0, help="articles")
    parser.add_argument("--redis", choices=("single", *KINDS), default="single", help="one server, or a set of them")
    parser.add_argument("--input", type=Path, default=None, help="a file of articles")
    parser.add_argument("--keep", type=Path, default=None, help="a folder that the services' logs are left in")
    asked = parser.parse_args()
    leave_when_told()
    plan = Plan(
        asked.rounds, asked.seed, asked.faults, asked.seconds, asked.per_round, asked.kills, asked.per_second,
        asked.enough,
    )  # fmt: skip
    articles = articles_of(source(asked.input, ROOT))
    try:
        with World(keep=asked.keep, redis=asked.redis) as world:
            report, well = asyncio.run(run(plan, articles, world))
    except KeyboardInterrupt:
        _say("told to leave: servers and services have ended")
        return ENDED
    print(json.dumps(report))
    return 0 if well else 1


if __name__ == "__main__":
    raise SystemExit(main())
