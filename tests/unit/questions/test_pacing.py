from bot.questions.pacing import Pacer
from tests.doubles.clock import FakeClock


def test_the_first_piece_is_due_at_once() -> None:
    pacer = Pacer(FakeClock())
    assert not pacer.is_due()
    pacer.add("H")
    assert pacer.is_due()
    assert pacer.take() == "H"


def test_white_space_alone_is_not_worth_a_call() -> None:
    pacer = Pacer(FakeClock())
    pacer.add(" \n")
    assert not pacer.is_due()


def test_small_pieces_are_collected() -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.add("a")
    pacer.take()
    pacer.add("b")
    clock.advance(0.69)
    assert not pacer.is_due()
    clock.advance(0.01)
    pacer.add("c")
    assert pacer.is_due()
    assert pacer.take() == "bc"


def test_much_text_is_shown_sooner_but_not_at_once() -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.add("a")
    pacer.take()
    pacer.add("x" * 200)
    assert not pacer.is_due()
    clock.advance(0.31)
    assert pacer.is_due()


def test_what_slack_did_not_take_waits_for_as_long_as_it_says() -> None:
    clock = FakeClock()
    pacer = Pacer(clock)
    pacer.add("a")
    text = pacer.take()
    pacer.add("b")
    pacer.put_back(text, 5)
    clock.advance(4)
    assert not pacer.is_due()
    clock.advance(1)
    assert pacer.is_due()
    assert pacer.take() == "ab"
