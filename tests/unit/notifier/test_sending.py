"""Signatures, addresses, pauses, and what is wrong with a file of subscriptions."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from storyline.domain.notify import Owed
from storyline.edges.notifier.channels import email
from storyline.edges.notifier.channels.webhook import _result, check_secret, new_secret
from storyline.edges.notifier.file import parse
from storyline.edges.notifier.health import Health, Patience
from storyline.edges.notifier.message import Message, safe
from storyline.errors import Fatal
from storyline.infra.addresses import Addresses, AddressRefused
from tests.e2e.notifier_world import SECRET, update, webhook


def owed(version: int, ce_id: str = "ce") -> Owed:
    return Owed.of(update("st-1", version), ce_id, from_version=version, due_ms=0, now_ms=0)


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    signed = Webhook(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", at, '{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_fresh_secret_is_one() -> None:
    check_secret(new_secret())


def test_an_id_follows_from_subscription_and_event() -> None:
    assert Message("a", owed(1)).id == Message("a", owed(1)).id
    assert len({Message("a", owed(1)).id, Message("b", owed(1)).id, Message("a", owed(1, "other")).id}) == 3


def test_equal_notifications_have_equal_bytes_whatever_was_tried() -> None:
    assert Message("a", owed(1)).body() == Message("a", owed(1).model_copy(update={"tries": 3, "due_ms": 9})).body()


def test_text_obeys_nobody() -> None:
    assert safe("a\x1b[2J\r\nBcc: b\u202ec") == "a [2J Bcc: b c"


PUBLIC = Addresses((), public=True)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1",
        "::7f00:1", "::a00:1", "64:ff9b:1::7f00:1", "fec0::1", "5f00::1", "3fff::1", "192.0.0.8", "192.88.99.1",
        "fd00:ec2::254", "168.63.129.16", "100.100.100.200", "::ffff:169.254.169.254", "2002:a9fe:a9fe::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(AddressRefused, match="not public; STORYLINE_NOTIFIER_NETWORKS_ALLOWED"):
        PUBLIC.check("host.example", address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_what_is_public_is_allowed_over_https_and_refused_without(address: str) -> None:
    PUBLIC.check("host.example", address)
    with pytest.raises(AddressRefused, match="use https"):
        Addresses((), public=False).check("host.example", address)


def test_a_network_that_the_operator_allows_is_allowed_and_no_other() -> None:
    rule = Addresses(("10.0.0.0/8",), public=False)
    rule.check("host.example", "10.2.3.4")
    rule.check("host.example", "::ffff:10.2.3.4")
    with pytest.raises(AddressRefused):
        rule.check("host.example", "11.2.3.4")


@given(failures=st.integers(0, 200), dice=st.floats(0, 1))
def test_pauses_are_bounded_and_a_parked_endpoint_is_only_probed(failures: int, dice: float) -> None:
    patience = Patience(pause_seconds=1, pause_seconds_max=60, failures_max=6, probe_seconds=600)
    pause = patience.pause(failures, dice)
    if failures >= 6:
        assert 300 <= pause <= 600
    else:
        assert 0 <= pause <= min(60, 2**failures)


def test_an_endpoint_is_parked_once_and_is_back_once() -> None:
    health = Health(Patience(failures_max=3), lambda: 1.0)
    assert [health.failed(0, None) for _ in range(5)] == [False, False, True, False, False]
    assert health.parked and health.open_at_ms > 0
    assert [health.worked(), health.worked()] == [True, False]
    assert health.open_at_ms == 0


def test_an_endpoint_that_says_when_is_not_asked_before() -> None:
    health = Health(Patience(), lambda: 0.0)
    health.failed(1_000, 30.0)
    assert health.open_at_ms == 31_000


@pytest.mark.parametrize(
    ("status", "kind"),
    [(200, "delivered"), (204, "delivered"), (301, "failed"), (308, "failed"), (400, "refused"), (404, "failed"),
     (410, "gone"), (413, "refused"), (422, "refused"), (429, "failed"), (500, "failed"), (503, "failed")],
)  # fmt: skip
def test_what_an_answer_means(status: int, kind: str) -> None:
    assert _result(status, None, None).kind == kind


@pytest.mark.parametrize("headline", ["", " ", "\x1b"])
def test_a_story_without_a_headline_has_a_subject_all_the_same(headline: str) -> None:
    bare = Message("desk", owed(1).model_copy(update={"headline": headline}))
    assert email.digest("to@example.org", "from@example.org", [bare])["Subject"] == "(no headline)"
    assert bare.text().startswith("(no headline)\n")


GOOD = webhook("desk", "https://hooks.example/in", 'words = ["ferry"]')


def test_a_good_file_is_read() -> None:
    (found,) = parse(GOOD.encode(), "s.toml")
    assert (found.id, found.words, found.channel) == ("desk", ("ferry",), "webhook")
    assert SECRET not in repr(found) and SECRET not in str(found.shown())


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('words = ["ferry"]', "words = [ferry]", r"is not TOML: .*line 3"),
        ('words = ["ferry"]', 'wrods = ["ferry"]', r"line 1, subscription desk: wrods: is unknown; there are stories"),
        ('words = ["ferry"]', 'level = "loud"', r"line 1, subscription desk: level: input should be 'minor'"),
        ('words = ["ferry"]', 'budget = {count = 0}', r"budget.count: input should be greater"),
        ('words = ["ferry"]', 'languages = ["english!"]', r"languages.0: string should match"),
        ('id = "desk"', "", r"line 1, subscription 1: id: is missing"),
        ('id = "desk"', 'id = "a b"', r"id: string should match"),
        ("[subscription.webhook]", "[subscription.webhok]", r"channel: needs exactly one table of console"),
        ("url", "ulr", r"webhook.url: is missing"),
        ("https://", "ftp://", r"webhook.url: has characters that are not allowed here"),
        ("https://", "https://user:pass@", r"webhook.url: holds a user or password"),
        ("whsec_", "", r"webhook.secret: is not whsec_ and base64 of 24 to 64 bytes; `storyline deliveries"),
        ("[[subscription]]", "[subscription]", r"write \[\[subscription\]\] with two brackets"),
        ("[[subscription]]", "[[subscriptions]]", r"subscription"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_line_field_and_fix(was: str, now: str, said: str) -> None:
    with pytest.raises(Fatal, match=said) as refused:
        parse(GOOD.replace(was, now).encode(), "s.toml")
    assert SECRET not in str(refused.value) and "\n" not in str(refused.value)


def test_an_id_that_is_there_twice_is_named_with_its_second_line() -> None:
    with pytest.raises(Fatal, match=r"s\.toml, line 8, subscription desk: id: desk is there twice"):
        parse((GOOD + GOOD).encode(), "s.toml")
