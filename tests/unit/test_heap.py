import gc
from collections.abc import Iterator

import pytest

from storyline.heap import YOUNG_MAX, settle


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_what_was_loaded_is_no_longer_looked_at() -> None:
    loaded = [["Solmar"]]
    settle()
    assert not any(each is loaded for each in gc.get_objects())


def test_young_objects_are_looked_at_when_there_are_many_of_them() -> None:
    later = gc.get_threshold()[1:]
    settle()
    assert gc.get_threshold() == (YOUNG_MAX, *later)
