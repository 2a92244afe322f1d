"""A port that can be had, and what is said of one that can't."""

import pytest

from storyline.errors import Fatal
from storyline.infra.listening import listening, shown


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_free_port_is_taken(host: str) -> None:
    with listening(host, 0, "STORYLINE_PAGE_PORT") as bound:
        assert bound.getsockname()[1] > 0


def test_a_port_that_is_taken_is_said_in_one_line_with_the_settings() -> None:
    with listening("127.0.0.1", 0, "X") as bound:
        bound.listen()
        port = bound.getsockname()[1]
        with pytest.raises(Fatal, match=f"^can't listen on 127.0.0.1:{port}: .*; mend STORYLINE_PAGE_PORT"):
            listening("127.0.0.1", port, "STORYLINE_PAGE_PORT")


@pytest.mark.parametrize("host", ["nowhere.invalid", "192.0.2.1"])
def test_a_host_that_is_not_ours_is_said(host: str) -> None:
    with pytest.raises(Fatal, match=f"can't listen on {host}:8080"):
        listening(host, 8080, "STORYLINE_PAGE_HOST")


def test_an_address_of_ipv6_is_shown_in_brackets() -> None:
    assert [shown("::1"), shown("127.0.0.1")] == ["[::1]", "127.0.0.1"]
