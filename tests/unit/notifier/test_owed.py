"""Who is told what, and when: coalescing, budget, digests; and that no version is skipped whatever happens."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from storyline.domain.notify import Budget, Entry, Timing, Told, Wanted, take
from storyline_schemas import StoryUpdate
from storyline_schemas.update import ChangeKind
from tests.e2e.notifier_world import update

MINUTE_MS = 60_000
NOW = 1_000 * MINUTE_MS
ALL = Wanted()
EVERY = Timing("every")


def come(
    *updates: StoryUpdate, entry: Entry = Entry(), told: Told | None = None, wanted: Wanted = ALL,  # noqa: B008
    timing: Timing = Timing(), now_ms: int = NOW,  # noqa: B008
) -> Entry:  # fmt: skip
    for each in updates:
        entry = take(entry, told, each, f"ce-{each.story.version}", wanted, timing, now_ms)
    return entry


def version(
    n: int, mode: str = "push", level: str = "major", kind: ChangeKind = "articles", **story: object
) -> StoryUpdate:
    return update("st-1", n, mode=mode, level=level, kind=kind, **story)


def test_a_push_is_due_at_once() -> None:
    waiting = come(version(1)).waiting
    assert waiting is not None and waiting.due_ms == NOW


def test_versions_that_come_while_one_waits_become_one_with_all_summaries() -> None:
    waiting = come(version(1, level="breaking"), version(2), version(3, "silent", "minor")).waiting
    assert waiting is not None
    assert (waiting.from_version, waiting.version, waiting.ce_id) == (1, 3, "ce-3")
    assert waiting.summaries == ("st-1 grew to 1", "st-1 grew to 2", "st-1 grew to 3")
    assert waiting.headline == "st-1 as of 3"
    assert waiting.level == "breaking"


def test_what_is_on_its_way_stays_as_it_is_and_the_next_begins_after_it() -> None:
    entry = come(version(3), entry=come(version(1), version(2)).depart())
    assert entry.sent is not None and entry.sent.version == 2
    assert entry.waiting is not None and entry.waiting.from_version == 3


def test_what_came_back_waits_again_with_what_came_since() -> None:
    entry = come(version(2), entry=come(version(1)).depart()).returned(tries=1, due_ms=NOW + 5)
    assert entry.sent is None and entry.waiting is not None
    assert (entry.waiting.from_version, entry.waiting.version, entry.waiting.tries) == (1, 2, 0)


def test_what_came_back_alone_is_the_same_message_as_before() -> None:
    entry = come(version(1))
    back = entry.depart().returned(tries=2, due_ms=NOW + 5).waiting
    assert entry.waiting is not None and back is not None
    assert back.model_copy(update={"tries": 0, "due_ms": NOW}) == entry.waiting


def test_after_a_retraction_nothing_that_was_said_before_is_repeated() -> None:
    waiting = come(version(1), version(2, kind="retraction")).waiting
    assert waiting is not None and waiting.summaries == ("st-1 grew to 2",)


def test_a_story_withdrawn_before_anyone_was_told_is_not_told() -> None:
    assert come(version(1), version(2, kind="retraction", status="retracted", sections=[])).empty


def test_a_withdrawal_reaches_whoever_was_told() -> None:
    told = Told(version=1)
    gone = version(2, kind="retraction", status="retracted", sections=[], headline="Withdrawn", entities=[])
    waiting = come(gone, told=told, wanted=Wanted(entities=("Ines Okaro",))).waiting
    assert waiting is not None and waiting.version == 2


def test_a_reader_who_was_told_goes_on_hearing_of_the_story_when_its_words_change() -> None:
    assert come(version(2), wanted=Wanted(words=("nowhere",))).empty
    assert not come(version(2), told=Told(version=1), wanted=Wanted(words=("nowhere",))).empty


def test_what_is_silent_wakes_nobody_and_is_told_with_the_next() -> None:
    told = Told(version=1)
    assert come(version(2, "silent"), told=told).empty
    waiting = come(version(2, "silent"), version(3), told=told).waiting
    assert waiting is not None and (waiting.from_version, waiting.version) == (2, 3)


def test_equal_dedupe_keys_are_one_notification() -> None:
    told = Told(version=1, keys=("k",))
    assert come(update("st-1", 2, key="k"), told=told).empty
    assert not come(update("st-1", 2, key="k"), told=told, timing=EVERY).empty


def test_a_digest_waits_for_the_full_period_and_stories_come_due_together() -> None:
    timing = Timing("digest", digest_minutes=60)
    one = come(version(1), timing=timing).waiting
    two = come(update("st-2", 1), timing=timing, now_ms=NOW + MINUTE_MS).waiting
    assert one is not None and two is not None
    assert one.due_ms == two.due_ms
    assert one.due_ms % (60 * MINUTE_MS) == 0
    assert NOW < one.due_ms <= NOW + 60 * MINUTE_MS


def test_a_push_takes_what_waits_for_the_digest_along() -> None:
    waiting = come(version(1, "digest", "normal"), version(2, "push")).waiting
    assert waiting is not None and (waiting.from_version, waiting.due_ms) == (1, NOW)


def test_beyond_the_budget_it_waits_until_the_oldest_of_it_is_over() -> None:
    timing = Timing(budget=Budget(count=2, minutes=60))
    told = Told(version=3, at_ms=(NOW - 50 * MINUTE_MS, NOW - 40 * MINUTE_MS, NOW - 5 * MINUTE_MS))
    waiting = come(version(4), told=told, timing=timing).waiting
    assert waiting is not None and waiting.due_ms == NOW + 20 * MINUTE_MS


def test_what_is_breaking_does_not_wait_for_the_budget() -> None:
    timing = Timing(budget=Budget(count=1, minutes=60))
    told = Told(version=3, at_ms=(NOW - 1,))
    waiting = come(version(4, level="breaking"), told=told, timing=timing).waiting
    assert waiting is not None and waiting.due_ms == NOW


def test_a_level_below_the_subscriptions_is_not_told_by_itself() -> None:
    assert come(version(1, level="normal"), wanted=Wanted(level="major")).empty


steps = st.lists(st.sampled_from(["come", "depart", "arrive", "return"]), max_size=60)


@given(steps=steps, modes=st.lists(st.sampled_from(["push", "digest", "silent"]), min_size=60, max_size=60))
def test_in_any_course_of_things_messages_tell_versions_in_order_and_without_a_gap(
    steps: list[str], modes: list[str]
) -> None:
    entry, told, at = Entry(), None, 0
    heard: list[tuple[int, int]] = []
    for step in steps:
        if step == "come":
            at += 1
            entry = take(entry, told, version(at, modes[at - 1]), f"ce-{at}", ALL, EVERY, NOW)
        elif step == "depart" and entry.waiting and not entry.sent:
            entry = entry.depart()
        elif step == "arrive" and entry.sent:
            heard.append((entry.sent.from_version, entry.sent.version))
            told = Told.after(told, entry.sent, NOW, 4)
            entry = entry.arrived()
        elif step == "return" and entry.sent:
            entry = entry.returned(1, NOW)
    ends = [0, *(last for _, last in heard)]
    assert [first for first, _ in heard] == [end + 1 for end in ends[: len(heard)]]
    newest = max((each.version for each in (entry.sent, entry.waiting) if each), default=ends[-1])
    assert newest == at


def test_an_entry_that_nothing_changes_is_the_same_object() -> None:
    entry = replace(Entry())
    assert take(entry, None, version(1, "silent"), "ce", ALL, Timing(), NOW) is entry
