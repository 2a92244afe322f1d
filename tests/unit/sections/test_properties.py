"""What holds of every page, whatever arrives in whatever order. The articles are invented, sentence by sentence."""

import json
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from sections_making import article, part

from storyline.domain.sections import Page, evolve
from storyline.domain.sections.gate import is_deletion
from storyline_schemas import Part, section_hash

WHO = (
    "Harbour officials",
    "The fire service",
    "Mayor Ida Brandt",
    "Prosecutor Jonas Weil",
    "The council of Port Solmar",
)
DID = ("closed", "inspected", "confirmed", "ordered", "rejected", "described")
WHAT = (
    "the northern pier after a storm tore 12 boats from their moorings",
    "a plan to move 300 residents of Lower Tamrin to higher ground",
    "that at least 14 people were injured in the explosion at the sugar mill",
    "that at least 19 people were injured in the explosion at the sugar mill",
    "the arrest of two men who had sold false tickets for the ferry to Gannet Island",
    "an inquiry into the builder of the bridge that collapsed in the spring floods",
    "the budget for new pumps, which the valley has asked for since the flood",
)
TAILS = ("", ", a spokesman said", ", according to a report by engineers", " and promised help within two days")
sentences = st.builds(lambda a, b, c, d: f"{a} {b} {c}{d}.", *map(st.sampled_from, (WHO, DID, WHAT, TAILS)))
bodies = st.lists(sentences, min_size=0, max_size=5).map("\n\n".join)
titles = st.sampled_from(
    (
        "Storm tears boats from moorings in Port Solmar",
        "Explosion at sugar mill injures 14 people",
        "Toll of sugar mill explosion rises to 19",
        "Council to vote on new pumps",
        "Live: what we know",
    )
)
houses = st.sampled_from(("Meridian", "Example Wire", "Coastline Daily"))
languages = st.sampled_from(("en", "en", "en", "en-GB", "es"))
arrivals = st.lists(st.tuples(titles, bodies, houses, languages), min_size=1, max_size=6)


def story(texts: Sequence[tuple[str, str, str, str]]) -> list[Part]:
    made: list[Part] = []
    for i, (title, body, house, language) in enumerate(texts):
        source = article(title, body, uri=f"urn:test:{i}", hours=7 * i, house=house, language=language)
        made.append(part(source, i + 1, made))
    return made


def grow(parts: Sequence[Part]) -> list[Page]:
    pages: list[Page] = []
    for i, arriving in enumerate(parts):
        pages.append(evolve(pages[-1] if pages else None, parts[: i + 1], {arriving.n or 0}, i + 1, "en"))
    return pages


def check(page: Page, parts: Sequence[Part]) -> None:
    """The invariants of one page against the articles it was made of."""
    live = {p.n: p for p in parts}
    assert len(page.sections) <= 5
    assert len({section.id for section in page.sections}) == len(page.sections)
    for section in page.sections:
        assert section.hash == section_hash(
            section.id, section.heading, [(s.text, s.citations) for s in section.sentences]
        )
        for sentence in section.sentences:
            assert sentence.citations
            assert set(sentence.citations) <= live.keys()
            assert any(is_deletion(sentence.text, kept.text) for n in sentence.citations for kept in live[n].sentences)
            assert all(live[n].language.startswith("en") for n in sentence.citations)
    shown = [s.text for section in page.sections for s in section.sentences]
    assert len(shown) == len(set(shown))


@settings(max_examples=60, deadline=None)
@given(arrivals)
def test_every_sentence_of_every_version_is_a_deletion_of_a_live_source_it_cites(
    texts: list[tuple[str, str, str, str]],
) -> None:
    parts = story(texts)
    for i, page in enumerate(grow(parts)):
        check(page, parts[: i + 1])


@settings(max_examples=60, deadline=None)
@given(arrivals)
def test_a_section_changes_only_if_a_touched_article_is_or_was_in_it_or_overtook_it(
    texts: list[tuple[str, str, str, str]],
) -> None:
    parts = story(texts)
    pages = grow(parts)
    for i in range(1, len(pages)):
        before = {section.id: section for section in pages[i - 1].sections}
        for section in pages[i].sections:
            old = before.get(section.id)
            if old is None or old.hash == section.hash:
                continue
            cited = {n for s in (*old.sentences, *section.sentences) for n in s.citations}
            gone = {s.text for s in old.sentences} - {s.text for s in section.sentences}
            assert parts[i].n in cited or gone


@settings(max_examples=40, deadline=None)
@given(arrivals, st.data())
def test_removing_an_article_leaves_nothing_that_rests_on_it_alone(
    texts: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    parts = story(texts)
    page = grow(parts)[-1]
    gone = data.draw(st.sampled_from(parts))
    left = [p for p in parts if p is not gone]
    after = evolve(page, left, {gone.n or 0}, 99, "en")
    check(after, left)
    assert all(gone.n not in entry.citations for entry in after.timeline)
    assert after.state.get("headline_n") != gone.n
    assert gone.n not in after.state["headings"].values()


@settings(max_examples=40, deadline=None)
@given(arrivals, bodies, st.data())
def test_a_revised_article_leaves_only_what_its_new_text_says(
    texts: list[tuple[str, str, str, str]], body: str, data: st.DataObject
) -> None:
    parts = story(texts)
    page = grow(parts)[-1]
    i = data.draw(st.integers(0, len(parts) - 1))
    title, _, house, language = texts[i]
    revised = part(
        article(title, body, uri=f"urn:test:{i}", hours=90, house=house, language=language), i + 1, parts[:i]
    )
    now = [*parts[:i], revised, *parts[i + 1 :]]
    check(evolve(page, now, {i + 1}, 99, "en"), now)


@settings(max_examples=30, deadline=None)
@given(arrivals)
def test_nothing_touched_changes_nothing(texts: list[tuple[str, str, str, str]]) -> None:
    parts = story(texts)
    page = grow(parts)[-1]
    assert evolve(page, parts, set(), 99, "en") == page


@settings(max_examples=30, deadline=None)
@given(arrivals)
def test_a_state_that_went_through_json_gives_the_same_page(texts: list[tuple[str, str, str, str]]) -> None:
    parts = story(texts)
    page: Page | None = None
    for i, arriving in enumerate(parts):
        stored = replace(page, state=json.loads(json.dumps(page.state))) if page else None
        now = evolve(page, parts[: i + 1], {arriving.n or 0}, i + 1, "en")
        assert evolve(stored, parts[: i + 1], {arriving.n or 0}, i + 1, "en") == now
        page = now


@settings(max_examples=30, deadline=None)
@given(arrivals, st.randoms(use_true_random=False))
def test_the_order_in_which_the_articles_are_given_does_not_matter(
    texts: list[tuple[str, str, str, str]], chance
) -> None:  # type: ignore[no-untyped-def]
    parts = story(texts)
    before = grow(parts)[-2] if len(parts) > 1 else None
    shuffled = list(parts)
    chance.shuffle(shuffled)
    touched = {parts[-1].n or 0}
    assert evolve(before, shuffled, touched, 9, "en") == evolve(before, parts, touched, 9, "en")


@settings(max_examples=30, deadline=None)
@given(arrivals, st.data())
def test_a_copy_changes_neither_sections_nor_headline(
    texts: list[tuple[str, str, str, str]], data: st.DataObject
) -> None:
    parts = story(texts)
    page = grow(parts)[-1]
    i = data.draw(st.integers(0, len(parts) - 1))
    title, body, _, language = texts[i]
    copy = part(
        article(title, body, uri="urn:test:copy", hours=99, house="Valley Register", language=language),
        len(parts) + 1,
        parts,
    )
    after = evolve(page, [*parts, copy], {copy.n or 0}, 99, "en")
    if copy.relation == "copy" and page.sections:
        assert (after.headline, after.sections, after.timeline) == (page.headline, page.sections, page.timeline)
