"""The registry of channels: a subscription's table of this name holds the options of the channel's Target.

A new channel is one file beside this one, and one line here; `base.py` says what it must have.
"""

from collections.abc import Mapping

from .base import Channel, ChannelSettings
from .console import Console
from .email import Email
from .webhook import Webhook

CHANNELS: Mapping[str, type[Channel]] = {each.name: each for each in (Console, Webhook, Email)}


def channels(settings: ChannelSettings) -> dict[str, Channel]:
    """One of each, ready to send; whoever asks closes them."""
    return {name: kind(settings) for name, kind in CHANNELS.items()}
