"""Every key Storyline has in Redis: pattern, slot, owner, lifetime, bound. No other file spells a key.

A key's slot is what stands in braces (Redis Cluster hashes only that), so all keys of one space, and all of one
story, lie together and one script can change them; no script touches two slots.

| Key | type | written by | kept | bound |
|---|---|---|---|---|
| `storyline:{space/S}:meta` | hash: epoch, commits, next_placement, outbox, encoder | matcher | for ever | one batch |
| `storyline:{space/S}:index` | hash: story id → index value | matcher | while the story is live | ~10 KB a story |
| `storyline:{space/S}:redirects` | hash: merged story id → its successor | matcher | as its life | 60 bytes a merge |
| `storyline:{space/S}:lives` | hash: story id → its life | matcher | until forgotten | 70 bytes a story |
| `storyline:{space/S}:habits` | hash: source → what it repeats | matcher | the newest | 2 KB, 5,000 sources |
| `storyline:{space/S}:assignment/URI` | string: packed Assignment | matcher | `assignment_lifetime` | one an article |
| `storyline:{space/S}:holds` | sorted set: uri by release time in ms | matcher | until release | one an embargo |
| `storyline:{space/S}:held` | hash: uri → the held record | matcher | until release | one record an embargo |
| `storyline:{story/ID}:head` | hash: version, story, head, outbox | updater | until it has expired | one record |
| `storyline:{story/ID}:parts` | hash: uri → part | updater | as its head | one part an article |
| `storyline:{story/ID}:outbox` | hash: digest/number → outputs | updater | until they are sent | 1 MB a page |
| `storyline:stage/NAME/partition/P` | hash: claimed, space/S… | that stage | for ever | one field a space |
| `storyline:{notify/P}:epoch` | counter | notifier | for ever | one number |
| `storyline:{notify/P}:owed` | hash: subscription, story → owed | notifier | until told | `notifier_queue_max` |
| `storyline:{notify/P}:story/ID` | hash: version, told/SUB | notifier | `notifier_memory_days` | a field a reader |
| `storyline:{notify/P}:log` | stream: deliveries | notifier | the newest | `notifier_log_max` |
| `storyline:notify/partitions` | set: partitions that have a log | notifier | for ever | one number each |
| `storyline:notify/subscriptions` | hash: id → JSON | notifier's API | until deleted | `notifier_subscriptions_max` |
| `storyline:notify/revision` | counter of their changes | notifier's API | for ever | one number |
| `storyline:{wording/P}:waiting` | hash: story id → what waits | rewriter | until asked | `rewriter_waiting_max` |
| `storyline:{wording}:spent/hour/N`, `…/day/N` | counter: millionths | rewriter | two of them | one number each |
| `storyline:rebuilding` | string | rebuild | until it has ended | one byte |

The shell's counter of messages that kill their process (`storyline:{begun/GROUP/P}`) is spelt in `stream/poison`.
"""

PREFIX = "storyline:"
REBUILDING = f"{PREFIX}rebuilding"
"""String that exists while a rebuild is under way, or was broken off: no partition can be claimed."""
NOTIFY_PARTITIONS = f"{PREFIX}notify/partitions"
NOTIFY_SUBSCRIPTIONS = f"{PREFIX}notify/subscriptions"
NOTIFY_REVISION = f"{PREFIX}notify/revision"
STATE_PATTERNS = (f"{PREFIX}stage/*", f"{PREFIX}{{story/*", f"{PREFIX}{{space/*")
"""What a rebuild forgets before it begins: everything here that the topics can give again."""

EPOCH, COMMITS, NEXT_PLACEMENT, OUTBOX = "epoch", "commits", "next_placement", "outbox"
VERSION, STORY, HEAD = "version", "story", "head"
CLAIMED, SPACE_FIELD = "claimed", "space/"


def space_meta(space: str) -> str:
    """Hash: `epoch`, `commits` (how many batches were ever committed), `next_placement`, `outbox`."""
    return f"{PREFIX}{{space/{space}}}:meta"


def space_index(space: str) -> str:
    """Hash: story id → its value in the matching index."""
    return f"{PREFIX}{{space/{space}}}:index"


def space_redirects(space: str) -> str:
    """Hash: id of a merged story → id of the story it was merged into."""
    return f"{PREFIX}{{space/{space}}}:redirects"


def space_lives(space: str) -> str:
    """Hash: story id → packed `placing.Life`."""
    return f"{PREFIX}{{space/{space}}}:lives"


def space_habits(space: str) -> str:
    """Hash: number of a source → what it repeats, packed (see `matching.habits`)."""
    return f"{PREFIX}{{space/{space}}}:habits"


def space_assignment(space: str, uri: str) -> str:
    """String: the packed Assignment of an article; expires when its lifetime has passed since it was written."""
    return f"{PREFIX}{{space/{space}}}:assignment/{uri}"


def space_holds(space: str) -> str:
    """Sorted set: uri of an embargoed article, by the moment of its release in ms."""
    return f"{PREFIX}{{space/{space}}}:holds"


def space_held(space: str) -> str:
    """Hash: uri of an embargoed article → its record, byte for byte."""
    return f"{PREFIX}{{space/{space}}}:held"


def story_head(story_id: str) -> str:
    """Hash: `version`, `story` (bytes as on `stories`), `head` (as on `story-parts`), `outbox` (if any is unsent), and
    `pages`, digest and number of its pages, if it is too large for one value."""
    return f"{PREFIX}{{story/{story_id}}}:head"


def story_parts(story_id: str) -> str:
    """Hash: article uri → part, as on `story-parts`."""
    return f"{PREFIX}{{story/{story_id}}}:parts"


def story_outbox(story_id: str) -> str:
    """Hash: `outbox_page` → packed outputs, of a story of which very much is unsent."""
    return f"{PREFIX}{{story/{story_id}}}:outbox"


def outbox_page(digest: str, number: int) -> str:
    """Field of one page, counted from 1. Those that the head's `pages` doesn't name belong to no version (yet)."""
    return f"{digest}/{number}"


def marker(stage: str, partition: int) -> str:
    """Hash whose existence says that the partition's state exists: `claimed`, and `space/S` for each of its spaces."""
    return f"{PREFIX}stage/{stage}/partition/{partition}"


def wording_waiting(partition: int) -> str:
    """Hash: story id → which of its sections a language model is to be asked about."""
    return f"{PREFIX}{{wording/{partition}}}:waiting"


def wording_spent(span: str, number: int) -> str:
    """Counter of millionths for the `number`-th `hour` or `day` since 1970."""
    return f"{PREFIX}{{wording}}:spent/{span}/{number}"


def notify_epoch(partition: int) -> str:
    """Counter: how often the partition's notifications have got an owner."""
    return f"{PREFIX}{{notify/{partition}}}:epoch"


def notify_owed(partition: int) -> str:
    """Hash: `subscription\\nstory` → what is owed, packed."""
    return f"{PREFIX}{{notify/{partition}}}:owed"


def notify_story(partition: int, story_id: str) -> str:
    """Hash: `version` (newest taken up), `told/SUBSCRIPTION` → what was told; expires after its last change."""
    return f"{PREFIX}{{notify/{partition}}}:story/{story_id}"


def notify_log(partition: int) -> str:
    """Stream: one entry `line` an attempt, the oldest trimmed."""
    return f"{PREFIX}{{notify/{partition}}}:log"
