"""What a new version says it did, how much it matters, and whom to tell."""

import pytest

from storyline_schemas import Add, Open
from tests.unit.story.stories import add, adopt, after, merge, opened, retract, then


def test_the_first_version_says_the_story_was_opened_and_by_what():
    change = then(None, opened(), add("a:2", 2)).update.change
    assert (change.kind, change.causes) == ("opened", ("a:1/1", "a:2/1"))
    assert [(each.uri, each.action, each.n) for each in change.articles] == [("a:1", "added", 1), ("a:2", "added", 2)]
    assert change.counts.articles == 2


def test_causes_are_those_of_commands_that_changed_something():
    change = then(after(opened()), opened(), add("a:2", 2)).update.change
    assert change.causes == ("a:2/1",)


def test_a_correction_is_one():
    correction = {"correction": {"severity": "correction", "note": "the number was wrong"}}
    update = then(after(opened()), add("a:1", 1, 2, **correction)).update
    assert update.change.kind == "correction"
    assert (update.significance.level, update.notify.mode) == ("major", "push")


def test_a_retraction_names_the_article_and_is_pushed():
    update = then(after([opened(), add("a:2", 2)]), retract("a:1", 1, 2)).update
    assert (update.change.kind, update.notify.mode) == ("retraction", "push")
    assert [(each.uri, each.action, each.n) for each in update.change.articles] == [("a:1", "retracted", 1)]


def test_a_withdrawal_is_pushed_also_when_reports_of_another_story_come_with_it():
    elsewhere = after(opened("b:1", 5)).parts["b:1"]
    update = then(after([opened(), add("a:2", 2)]), retract("a:1", 1, 2), adopt(elsewhere)).update
    assert {each.action for each in update.change.articles} == {"retracted", "adopted"}
    assert (update.change.kind, update.notify.mode) == ("retraction", "push")


def test_a_merge_takes_its_kind_also_when_an_article_is_withdrawn_with_it():
    update = then(after([opened(), add("a:2", 2)]), retract("a:1", 1, 2), merge()).update
    assert (update.story.status, update.change.kind, update.notify.mode) == ("merged", "merge", "silent")


def test_an_article_that_came_and_went_within_a_batch_isnt_mentioned():
    change = then(after(opened()), add("a:2", 2), retract("a:2", 2, 2), add("a:3", 3)).update.change
    assert [each.uri for each in change.articles] == ["a:3"]


def test_a_copy_is_silent():
    update = then(after(opened()), add("a:2", 1)).update
    assert update.story.sources[1].relation == "copy"
    assert (update.notify.mode, update.story.independent_report_count) == ("silent", 1)


def test_when_the_original_goes_its_copy_is_the_report():
    state = after([opened(), add("a:2", 1)], retract("a:1", 1, 2))
    assert (state.story.sources[0].relation, state.story.independent_report_count) == ("original", 1)


def test_a_new_independent_report_is_digested():
    update = then(after(opened()), add("a:2", 2, about="quake")).update
    assert (update.notify.mode, update.significance.reasons) == ("digest", ("a new independent report",))


def test_urgency_1_is_breaking():
    update = then(after(opened()), add("a:2", 2, about="quake", urgency=1)).update
    assert (update.significance.level, update.notify.mode) == ("breaking", "push")


def test_a_story_that_is_born_merged_is_no_new_story():
    update = then(None, opened(), merge()).update
    assert (update.story.version, update.story.status, update.change.kind) == (1, "merged", "merge")
    assert (update.notify.mode, update.significance.reasons) == ("silent", ("stories merged",))


def test_a_story_that_is_born_withdrawn_is_no_new_story():
    update = then(None, opened(), retract("a:1", 1, 2)).update
    assert (update.story.version, update.story.status, update.change.kind) == (1, "retracted", "retraction")
    assert update.notify.mode == "silent"


def test_a_headline_that_comes_back_is_a_notification_of_its_own():
    def hurt(people: int, revision: int) -> Open | Add:
        note = {"severity": "correction", "note": "the number was wrong"}
        headline = f"Bus overturns near Karsel, {people} hurt"
        return add("a:1", 1, revision, headline=headline, summary="", body="", correction=note)

    told = then(after(opened()), hurt(21, 2))
    back = then(after(opened(), hurt(21, 2), hurt(24, 3)), hurt(21, 4))
    assert back.update.story.headline == told.update.story.headline
    assert back.update.notify.dedupe_key != told.update.notify.dedupe_key


def test_a_version_that_reads_as_the_one_before_is_the_same_notification():
    second = then(after(opened()), add("a:2", 1)).update
    third = then(after(opened(), add("a:2", 1)), add("a:3", 1)).update
    assert second.notify.dedupe_key == third.notify.dedupe_key


@pytest.mark.parametrize("uri", ["a:2", "a:3"])
def test_a_second_correction_of_what_no_section_cites_is_a_notification_of_its_own(uri: str):
    def corrected(uri: str, revision: int, note: str) -> Open | Add:
        return add(uri, 1, revision, correction={"severity": "correction", "note": note})

    copies = [opened(), add("a:2", 1), add("a:3", 1)]
    first, second = corrected("a:2", 2, "the harbour's name was wrong"), corrected(uri, 3, "the byline was wrong")
    told, again = then(after(copies), first).update, then(after(copies, first), second).update
    assert told.story.sections == again.story.sections
    assert told.notify.dedupe_key != again.notify.dedupe_key


def test_a_correction_sent_once_more_is_the_same_notification():
    def corrected(revision: int) -> Open | Add:
        return add("a:2", 1, revision, correction={"severity": "correction", "note": "the byline was wrong"})

    before = after([opened(), add("a:2", 1)], corrected(2))
    told, again = then(after([opened(), add("a:2", 1)]), corrected(2)).update, then(before, corrected(3)).update
    assert told.notify.dedupe_key == again.notify.dedupe_key


def test_two_withdrawals_of_what_no_section_cites_are_two_notifications():
    copies = [opened(), *(add(f"a:{n}", 1) for n in range(2, 8))]
    told = then(after(copies), retract("a:6", 1, 2)).update
    again = then(after(copies, retract("a:6", 1, 2)), retract("a:7", 1, 2)).update
    assert told.story.sections == again.story.sections
    assert told.notify.dedupe_key != again.notify.dedupe_key


def test_a_withdrawal_beside_a_new_report_is_told_as_well():
    batch = [retract("a:2", 2, 2), add("a:3", 3, about="quake")]
    summary = then(after([opened(), add("a:2", 2)]), *batch).update.change.summary
    assert summary.startswith("Wire a:2 withdrew its report. Wire a:3 adds: ")


def test_an_article_that_another_replaces_was_not_withdrawn():
    replaced = retract("a:2", 2, 2, "superseded")
    summary = then(after([opened(), add("a:2", 2)]), replaced, add("a:3", 3, about="quake")).update.change.summary
    assert summary.startswith("Wire a:3 adds: ")


def test_the_pointer_of_a_merged_story_wakes_nobody():
    assert then(after(opened()), merge()).update.notify.mode == "silent"


def test_untouched_sections_are_byte_identical():
    before = after([opened(), add("a:2", 2, about="quake")])
    update = then(before, add("a:3", 3)).update
    changed = {*update.change.sections.changed, *update.change.sections.added}
    kept = {section.id: section for section in before.story.sections if section.id not in changed}
    assert kept and all(section == kept.get(section.id, section) for section in update.story.sections)


def test_the_match_of_each_new_article_is_told():
    update = then(after(opened()), add("a:2", 2), add("a:1", 1, 2)).update
    assert [match.article_uri for match in update.match] == ["a:2"]
