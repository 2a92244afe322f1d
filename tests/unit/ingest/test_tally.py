"""The table that `ingest` ends with."""

from storyline.edges.ingest.tally import Counts, Tally


def test_a_check_publishes_nothing_and_its_table_says_usable() -> None:
    tally = Tally({"json": Counts(read=3, published=2, refused=1)})
    published, checked = list(tally.table()), list(tally.table(checked_only=True))
    assert published[0].split() == ["format", "read", "published", "repeated", "refused"]
    assert checked[0].split() == ["format", "read", "usable", "repeated", "refused"]
    assert checked[1:] == published[1:]
    assert tally.report()["published"] == 2
