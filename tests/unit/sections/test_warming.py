"""What is loaded before the first article."""

from sections_making import WIRE, pages_of, parts_of

from storyline.domain.sections import warm
from storyline.domain.sections.vocabulary import table


def test_warming_reads_the_words_that_every_article_holds() -> None:
    warm(["en", "es"])
    assert "the" in table("en")
    assert len(table("es")) > 20


def test_warming_changes_no_page() -> None:
    before = pages_of(parts_of(WIRE))
    warm(["en"])
    assert pages_of(parts_of(WIRE)) == before
