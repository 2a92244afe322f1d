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


def test_no_look_at_young_objects_is_at_tens_of_thousands() -> None:
    settle()
    looked: list[tuple[int, int]] = []

    def notice(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            looked.append((info["generation"], sum(len(gc.get_objects(age)) for age in range(info["generation"] + 1))))

    gc.callbacks.append(notice)
    try:
        kept = [[each] for each in range(20 * YOUNG_MAX)]
    finally:
        gc.callbacks.remove(notice)
    assert len(kept) == 20 * YOUNG_MAX
    assert {age for age, _ in looked} == {0, 1}
    assert max(objects for _, objects in looked) < 3 * YOUNG_MAX
