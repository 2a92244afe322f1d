"""The notifier, and what it would send."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from storyline_schemas.base import DAY_MS, HOUR_MS
from storyline_schemas.topics import STORY_UPDATES

from ..errors import Transient, not_started
from ..infra.redis.client import Client
from ..settings import Settings
from .connecting import admin, kafka, reader, redis
from .observing import observed, run_service

if TYPE_CHECKING:
    from ..edges.notifier.api import ApiServer
    from ..edges.notifier.channels.base import Channel
    from ..edges.notifier.directory import Directory, Made
    from ..edges.notifier.rehearsal import WouldSend
    from ..edges.notifier.service import ServiceSettings as NotifierSettings
    from ..infra.redis.notify_ledger import RedisLedger

MEANWHILE = {
    "kafka": "no update is read until it is back; what is owed already is sent",
    "redis": "nothing is sent until it is back",
}


def notifier_ledger(client: Client, settings: Settings) -> "RedisLedger":
    """What is owed to subscribers, what they were told, and the delivery log."""
    from ..infra.redis.notify_ledger import RedisLedger

    lifetime_ms = settings.notifier_memory_days * DAY_MS
    return RedisLedger(client, lifetime_ms=lifetime_ms, log_max=settings.notifier_log_max)


def run_notifier(settings: Settings) -> int:
    """The notifier in this process until it is told to leave; its exit code."""
    return run_service(settings, _notify(settings))


async def _notify(settings: Settings) -> None:
    """Raises Fatal."""
    from ..edges.notifier.consumer import Updates
    from ..edges.notifier.service import Notifier
    from ..edges.notifier.serving import serve
    from ..infra.redis.notify_ledger import RedisSubscriptions
    from ..observe.deliveries import CountingLedger
    from ..observe.feeding import feed_notifier
    from ..observe.meter import Meter

    async with redis(settings) as client:
        await _servers_answer(settings, client)
        made = RedisSubscriptions(client)
        directory, kinds = _subscriptions(settings, made)
        ledger = notifier_ledger(client, settings)
        meter = Meter("notifier")
        notifier = Notifier(
            lambda revoked: Updates(
                kafka(settings), settings.notifier_start, settings.session_seconds, settings.instance, revoked
            ),
            CountingLedger(ledger, meter), directory, kinds, _notifier_bounds(settings),
            lambda: time.time_ns() // 1_000_000,
        )  # fmt: skip
        feed_notifier(meter, notifier)
        async with observed(settings, "notifier", client, meter=meter, notifier=notifier, meanwhile=MEANWHILE):
            await serve(notifier, _notifier_api(settings, directory, made, ledger))


async def _servers_answer(settings: Settings, client: Client) -> None:
    try:
        await client.ping()
        async with reader(settings) as records:
            await records.partitions(STORY_UPDATES.name)
    except Transient as error:
        raise not_started(error) from error


def _subscriptions(settings: Settings, made: "Made") -> "tuple[Directory, dict[str, Channel]]":
    from ..edges.notifier.channels import channels
    from ..edges.notifier.channels.base import ChannelSettings
    from ..edges.notifier.directory import Directory

    networks = tuple(filter(None, (each.strip() for each in settings.notifier_networks_allowed.split(","))))
    kinds = channels(
        ChannelSettings(
            timeout_seconds=settings.notifier_timeout_seconds,
            networks_allowed=networks,
            smtp_url=settings.notifier_smtp_url,
            mail_from=settings.notifier_mail_from,
            environment=dict(os.environ),
        )
    )
    path = Path(settings.notifier_subscriptions) if settings.notifier_subscriptions else None
    return Directory(path, made, kinds), kinds


def _notifier_bounds(settings: Settings) -> "NotifierSettings":
    from ..edges.notifier.desk import DeskSettings
    from ..edges.notifier.health import Patience
    from ..edges.notifier.service import ServiceSettings

    patience = Patience(
        pause_seconds=settings.notifier_retry_seconds,
        pause_seconds_max=settings.notifier_retry_seconds_max,
        failures_max=settings.notifier_failures_max,
        probe_seconds=settings.notifier_probe_seconds,
        tries_max=settings.notifier_tries_max,
    )
    desk = DeskSettings(
        patience=patience,
        timeout_seconds=settings.notifier_timeout_seconds,
        queue_max=settings.notifier_queue_max,
        sends_max=settings.notifier_sends_max,
        keep_ms=settings.notifier_keep_hours * HOUR_MS,
        page_url=settings.notifier_page_url,
    )
    return ServiceSettings(batch_max=settings.batch_max, retry_seconds_max=settings.retry_seconds_max, desk=desk)


def _notifier_api(
    settings: Settings, directory: "Directory", made: "Made", ledger: "RedisLedger"
) -> "ApiServer | None":
    if settings.notifier_api_port is None or settings.notifier_api_token is None:
        return None
    from ..edges.notifier.api import Api, ApiServer

    token = settings.notifier_api_token.get_secret_value()
    api = Api(directory, made, ledger, token, settings.notifier_subscriptions_max)
    return ApiServer(api.application(), settings.notifier_api_host, settings.notifier_api_port)


async def rehearse_notifier(settings: Settings) -> "tuple[int, list[WouldSend]]":
    """What the notifier would send of what its group hasn't handled; nothing is sent, committed or written."""
    from ..edges.notifier.consumer import GROUP
    from ..edges.notifier.rehearsal import rehearse as rehearse_sending
    from ..infra.redis.notify_ledger import RedisSubscriptions

    async with redis(settings) as client, reader(settings) as records, admin(settings) as groups:
        directory, kinds = _subscriptions(settings, RedisSubscriptions(client))
        await directory.load()
        partitions = await records.partitions(STORY_UPDATES.name)
        begins = await records.begin_offsets(partitions)
        committed = await groups.committed(GROUP)
        start = {place: max(offset, committed.get(place) or 0) for place, offset in begins.items()}
        endpoints = {each.id: kinds[each.channel].endpoint(each.target) for each in directory.all()}
        return await rehearse_sending(
            records.read(start), notifier_ledger(client, settings), directory, endpoints, time.time_ns() // 1_000_000
        )
