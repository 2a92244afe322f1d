"""`storyline topics create|check` and `storyline check`: is everything as declared?"""

import click

from storyline_schemas.base import DAY_MS
from storyline_schemas.topics import STORY_COMMANDS

from .. import app
from ..errors import Fatal, Transient
from ..infra.redis.missing import missing_state
from ..settings import Settings
from .common import FAILED, json_option, one_line, print_json, run_async, settings_options
from .groups import Group


@click.group(cls=Group)
def topics() -> None:
    """Create the declared topics, or say what differs."""


@topics.command()
@settings_options
@json_option
def create(settings: Settings, as_json: bool) -> None:
    """Create every declared topic that is missing; existing ones are left as they are."""
    created, findings = run_async(_create(settings))
    if as_json:
        print_json({"created": created, "findings": findings})
    else:
        click.echo("\n".join(f"created {name}" for name in created) or "every topic was there already")
    _end(findings)


@topics.command("check")
@settings_options
@json_option
def check_topics(settings: Settings, as_json: bool) -> None:
    """Say what differs from the declared topics; exit 1 if anything does."""
    _report(run_async(_kafka_findings(settings)), as_json, "every topic is as declared")


@click.command()
@settings_options
@json_option
def check(settings: Settings, as_json: bool) -> None:
    """Kafka, its topics, Redis and the state in it: what is wrong and what to do; exit 1 if anything is.

    Says too how many processes of matcher and updater there are: none is well before they are started.
    """
    findings, processes = run_async(_all_findings(settings))
    if as_json:
        print_json({"ok": not findings, "findings": findings, "processes": processes})
    else:
        for stage, count in processes.items():
            click.echo(f"{stage}: {f'{count} running' if count else 'no process runs'}")
        if not findings:
            click.echo("Kafka, topics, Redis and the state in it are as they must be")
    _end(findings)


async def _create(settings: Settings) -> tuple[list[str], list[str]]:
    async with app.admin(settings) as admin:
        created = await admin.create_topics(settings.partition_counts, settings.replication_factor)
        return created, await admin.findings(settings.partition_counts)


async def _kafka_findings(settings: Settings) -> list[str]:
    async with app.admin(settings) as admin:
        return await admin.findings(settings.partition_counts)


async def _all_findings(settings: Settings) -> tuple[list[str], dict[str, int]]:
    """What is wrong, and stage → its processes, if Kafka says."""
    findings = expiry_findings(settings)
    committed: dict[str, list[int]] = {}
    processes: dict[str, int] = {}
    try:
        findings += await _kafka_findings(settings)
        committed = await app.committed_partitions(settings)
        processes = await app.running(settings)
    except (Fatal, Transient) as error:
        findings.append(one_line(error))
    try:
        async with app.redis(settings) as client:
            findings += await client.findings()
            missing = await missing_state(client, committed)
        findings += missing or (await app.older_spaces(settings) if committed else [])
    except (Fatal, Transient) as error:
        findings.append(one_line(error))
    return findings, processes


def expiry_findings(settings: Settings) -> list[str]:
    """A withdrawn story's records must stay longer than any command to it, or a late one finds it missing."""
    shortest = min(float(each.rpartition("=")[2]) for each in settings.story_expired_days.split(","))
    kept = int(STORY_COMMANDS.config["retention.ms"]) / DAY_MS
    if shortest > kept:
        return []
    return [f"STORYLINE_STORY_EXPIRED_DAYS is {shortest:g}; {STORY_COMMANDS.name} is kept {kept:g} days: set it longer"]


def _report(findings: list[str], as_json: bool, all_well: str) -> None:
    if as_json:
        print_json({"ok": not findings, "findings": findings})
    elif not findings:
        click.echo(all_well)
    _end(findings)


def _end(findings: list[str]) -> None:
    for finding in findings:
        click.echo(f"storyline: {finding}", err=True)
    if findings:
        raise click.exceptions.Exit(FAILED)
