import pytest

from bot.controller.slots import COPIES, SPARE, Busy, Slots, ordinal
from bot.errors import Refused
from tests.doubles.clock import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def place_of(places: Slots, who: str, size: int = 1) -> int:
    """Return which it is in line, 0 when it has a place now (and gives it back at once)."""
    try:
        with places.taken(who, size):
            return 0
    except Busy as busy:
        return busy.place


def test_so_many_at_once_and_the_rest_in_their_order(clock: FakeClock) -> None:
    places = Slots(2, clock)
    with places.taken("a", 1):
        with places.taken("b", 1):
            assert [place_of(places, who) for who in "cde"] == [1, 2, 3]
            assert place_of(places, "c") == 1, "asking again changes nothing"
        assert place_of(places, "d") == 2, "a place is free, and it is c's"
        assert place_of(places, "c") == 0
        assert place_of(places, "d") == 0


def test_one_that_does_not_come_back_holds_nobody_up_for_long(clock: FakeClock) -> None:
    places = Slots(1, clock)
    with places.taken("a", 1):
        assert place_of(places, "gone") == 1
        assert place_of(places, "b") == 2
    clock.advance(20)
    assert place_of(places, "b") == 2
    clock.advance(11)
    assert place_of(places, "b") == 0


def test_a_place_is_given_back_however_the_work_ends(clock: FakeClock) -> None:
    places = Slots(1, clock)
    with pytest.raises(ZeroDivisionError), places.taken("a", 1):
        raise ZeroDivisionError
    assert place_of(places, "b") == 0


def test_files_are_not_begun_that_the_disk_has_no_room_for_beside_the_others(clock: FakeClock) -> None:
    places = Slots(5, clock, lambda: SPARE + int(100 * COPIES))
    with places.taken("a", 60):
        assert place_of(places, "b", 60) == 1
        assert place_of(places, "c", 10) == 0, "a small one fits"
    assert place_of(places, "b", 60) == 0


def test_a_file_that_will_never_fit_does_not_wait_for_ever(clock: FakeClock) -> None:
    places = Slots(5, clock, lambda: SPARE + 100)
    with pytest.raises(Refused, match="no room"):
        place_of(places, "a", 1000)
    assert place_of(places, "b", 10) == 0


def test_who_waits_asks_again_within_seconds(clock: FakeClock) -> None:
    places = Slots(1, clock)
    with places.taken("a", 1):
        for number in range(50):
            with pytest.raises(Busy) as busy, places.taken(f"w{number}", 1):
                pass
            assert 1 <= busy.value.seconds <= 10


def test_places_read_as_people_say_them() -> None:
    assert [ordinal(each) for each in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == (
        ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th"]
    )
