"""What the formats' own specifications allow and few senders use. Invented wires."""

import json

import pytest

from storyline.edges.ingest.readers import Refusal, read
from storyline_schemas import Article, PubStatus

from .test_hostile import G2, NEWSML, NINJS, NITF, RSS

NEWSCODES = b"http://cv.iptc.org/newscodes"


def only(data: bytes) -> Article:
    (found,) = read(data)
    assert not isinstance(found, Refusal), found
    return found


def test_g2_is_canceled_by_a_status_that_is_a_whole_uri() -> None:
    usable, canceled = b'pubStatus qcode="stat:usable"', b'pubStatus uri="%s/pubstatusg2/canceled"' % NEWSCODES
    assert only(G2.replace(usable, canceled)).pub_status is PubStatus.CANCELED
    assert only(G2.replace(usable, canceled.replace(b"canceled", b"withheld"))).pub_status is PubStatus.WITHHELD


def test_g2_is_corrected_by_a_signal_that_is_a_whole_uri() -> None:
    article = only(G2.replace(b"</itemMeta>", b'<signal uri="%s/signal/correction"/></itemMeta>' % NEWSCODES))
    assert article.correction is not None and article.correction.severity == "correction"


def test_g2_names_its_predecessor_by_a_relation_that_is_a_whole_uri() -> None:
    link = b'<link reluri="%s/itemrelation/evolvedFrom" residref="urn:example:0"/></itemMeta>' % NEWSCODES
    assert only(G2.replace(b"</itemMeta>", link)).evolved_from == "urn:example:0"


@pytest.mark.parametrize("status", ("canceled", "stat:canceled", "Canceled"))
def test_ninjs_is_canceled_with_or_without_the_vocabulary(status: str) -> None:
    data = json.dumps({**json.loads(NINJS), "pubstatus": status}).encode()
    assert only(data).pub_status is PubStatus.CANCELED


def test_nitf_names_its_predecessor_by_the_uri_under_which_that_was_read() -> None:
    first = NITF.replace(b"urn:example:2", b"A1")
    second = NITF.replace(b"urn:example:2", b"A2").replace(b"<docdata>", b'<docdata management-doc-idref="A1">')
    assert only(second).evolved_from == only(first).uri != only(second).uri
    assert only(second.replace(b'"A1"', b'"A2"')).evolved_from is None


def test_newsml_names_its_predecessor_by_the_uri_under_which_that_was_read() -> None:
    derived = b'<DerivedFrom NewsItem="urn:newsml:example.com:20260102:1:1"/></NewsManagement>'
    second = NEWSML.replace(b"20260102:1:1", b"20260102:2:1").replace(b"</NewsManagement>", derived)
    assert only(second).evolved_from == only(NEWSML).uri != only(second).uri
    assert only(NEWSML.replace(b"</NewsManagement>", derived)).evolved_from is None


def test_nitf_may_have_several_contents() -> None:
    more = b"</body.content><body.content><p>It was closed.</p></body.content>"
    assert only(NITF.replace(b"</body.content>", more)).body == "It is old.\n\nIt was closed."


@pytest.mark.parametrize("data", (NITF, NEWSML))
def test_the_lines_of_a_headline_are_words_apart(data: bytes) -> None:
    assert only(data.replace(b"Bridge closed", b"Bridge<br/>closed")).headline == "Bridge closed"


def test_the_parts_of_a_dateline_are_words_apart() -> None:
    place = b"<dateline><location><city>Exampleton</city><country>Vardania</country></location></dateline></body.head>"
    dateline = only(NITF.replace(b"</body.head>", place)).dateline
    assert dateline is not None and dateline.place == "Exampleton Vardania"


def test_an_atom_link_does_not_hide_the_link_of_an_rss_item() -> None:
    links = b'<item><a:link xmlns:a="http://www.w3.org/2005/Atom" href="https://example.com/feed"/><link>%s</link>'
    item = RSS.replace(b"<item>", links % b"https://example.com/bridge")
    assert only(item).url == "https://example.com/bridge"
    assert only(item.replace(b"<guid>urn:example:3</guid>", b"")).uri == "https://example.com/bridge"
