"""The page service."""

from typing import Any

from ..settings import Settings, networks
from .connecting import kafka, reader, redis, story_store
from .observing import observed, run_service

MEANWHILE = {
    "kafka": "no story changes and no earlier version is shown until it is back",
    "redis": "stories whose text is not in memory are not shown until it is back",
}


def run_page(settings: Settings) -> int:
    """The page service in this process until it is told to leave; its exit code."""
    return run_service(settings, _page(settings))


async def _page(settings: Settings) -> None:
    """Raises Fatal."""
    from ..edges.page.application import Limits, Pages
    from ..edges.page.html import Address
    from ..edges.page.limiting import Limited, Rate
    from ..edges.page.reading import Library
    from ..edges.page.serving import Following, allow_files, serve
    from ..edges.page.streams import Streams
    from ..edges.page.view import Bounds, View
    from ..infra.kafka import KafkaFollower
    from ..infra.listening import listening
    from ..infra.older import OlderText
    from ..observe.feeding import feed_page
    from ..observe.http import counted

    allow_files(settings.page_connections_max)
    sock = listening(settings.page_host, settings.page_port, "STORYLINE_PAGE_HOST, STORYLINE_PAGE_PORT")
    view = View(Bounds(settings.page_stories_max, settings.page_versions_max, settings.page_text_bytes_max))
    streams = Streams(settings.page_streams_max, settings.page_pending_max)
    limits = Limits(settings.page_cache_bytes_max, settings.page_heartbeat_seconds, settings.page_slow_seconds)
    async with redis(settings) as client:
        older = OlderText(story_store(client), kafka(settings))
        pages = Pages(Library(view, older), streams, Address(settings.page_base_url, settings.page_title), limits)
        following = Following(
            view, pages, lambda: KafkaFollower(kafka(settings)), lambda: reader(settings), settings.page_updates_max
        )

        def around(app: Any) -> Any:
            if settings.page_rate_max:
                app = Limited(app, Rate(settings.page_rate_max), networks(settings.page_proxies))
            return app if settings.metrics_port is None else counted(app, meter)

        try:
            async with observed(settings, "page", client, lambda: pages.ready, meanwhile=MEANWHILE) as meter:
                feed_page(meter, pages, streams, view)
                await serve(pages, streams, following, sock, settings.page_connections_max, around)
        finally:
            await older.close()
