"""Which call pays for a process that broke the protocol: the one that did it, not the next."""

import socket

import pytest

from classroom.grading.attempt import Attempt, SpentError
from classroom.grading.faults import LeftoverError, StoppedError
from classroom.grading.limits import Limits
from classroom.grading.sandbox.line import ask
from classroom.grading.worker.protocol import to_frame

pytestmark = pytest.mark.usefixtures("unchecked")


class Room:
    """Gives one process after the other; each question gets the next answer, or exception."""

    def __init__(self, *answers):
        self.answers = list(answers)

    def seat(self):
        return self

    def ask(self, message, *, seconds):
        del message, seconds
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self):
        pass


def test_a_reply_that_was_left_over_is_told_apart():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(to_frame({"id": "an earlier one", "value": 1}))
        with pytest.raises(LeftoverError, match="reply to another question"):
            ask(ours, {"function": "f"}, seconds=5, watch=lambda: None)


def test_a_call_that_finds_leftovers_is_asked_again_in_a_fresh_process():
    room = Room(LeftoverError("sent a reply to another question"), {"value": 7})
    assert Attempt(room, room, [], Limits()).call({"function": "f"}) == {"value": 7}
    assert room.answers == []


def test_leftovers_in_a_fresh_process_are_its_own():
    room = Room(LeftoverError("sent one"), LeftoverError("sent two"), {"value": 7})
    with pytest.raises(StoppedError, match="sent two"):
        Attempt(room, room, [], Limits()).call({"function": "f"})


def test_a_call_that_is_stopped_is_not_asked_again():
    room = Room(StoppedError("took longer than 1 s"), {"value": 7})
    with pytest.raises(StoppedError, match="took longer"):
        Attempt(room, room, [], Limits()).call({"function": "f"})
    assert room.answers == [{"value": 7}]


def test_practice_takes_neither_time_nor_starts_from_what_counts(monkeypatch):
    """The last start, and a second less than the budget: what practice takes is given back."""
    now = [0.0]
    monkeypatch.setattr("classroom.grading.attempt.time.monotonic", lambda: now[0])

    class Slow(Room):
        def ask(self, message, *, seconds):
            now[0] += 9
            return super().ask(message, seconds=seconds)

    room = Slow({"value": 1}, StoppedError("ended its process"), {"value": 2})
    attempt = Attempt(room, room, [], Limits(submission=10, call=10, starts=1))
    assert attempt.practise({"function": "f"}) == {"value": 1}
    with pytest.raises(StoppedError, match="ended its process"):
        attempt.practise({"function": "f"})
    assert attempt.call({"function": "f"}) == {"value": 2}
    now[0] += 9
    with pytest.raises(SpentError, match="its 10 s are spent"):
        attempt.call({"function": "f"})


def printed(text):
    return {"text": text, "error": None, "skipped": []}


@pytest.mark.parametrize(("hidden", "told"), [(True, "before"), (False, "after")])
def test_cells_are_told_as_they_were_before_the_first_hidden_call(hidden, told):
    room = Room(printed("before"), StoppedError("ended its process"), printed("after"), {})
    attempt = Attempt(room, room, ["cell"], Limits())
    with pytest.raises(StoppedError):
        attempt.call({"function": "f"}, hidden=hidden)
    attempt.call({"function": "f"}, hidden=False)
    assert room.answers == []
    assert attempt.cells[0].text == told


def test_what_the_end_of_the_budget_stops_is_not_told_how_much_was_left(monkeypatch):
    room = Room(printed(""), StoppedError("took longer than 7 s"))
    now = iter([0, 1, 113, 120])  # made; the cell asked; the call asked, and stopped
    monkeypatch.setattr("classroom.grading.attempt.time.monotonic", lambda: next(now))
    attempt = Attempt(room, room, ["cell"], Limits(submission=120))
    with pytest.raises(SpentError, match=r"^gave no answer: its 120 s are spent$"):
        attempt.call({"function": "f"})
    with pytest.raises(SpentError):
        attempt.call({"function": "f"})
    assert room.answers == []


def test_what_was_skipped_is_kept_in_bounds_whatever_was_sent():
    sent = [{"skipped": 3}, {"skipped": [3, "x" * 999, *["a\x1b"] * 99]}]
    room = Room(*(printed("") | one for one in sent))
    attempt = Attempt(room, room, ["cell", "cell"], Limits())
    attempt.start()
    first, second = (cell.skipped for cell in attempt.cells)
    assert first == ()
    assert second == ("x" * 200, *["a"] * 18)


def test_the_last_start_runs_what_has_run_before():
    """Though it lies below a cell that was stopped: a call ended the start before."""
    ended = StoppedError("ended its process")
    room = Room(ended, printed("low"), ended, printed("low"), {"value": 7})
    attempt = Attempt(room, room, ["deadly", "low"], Limits(starts=3))
    with pytest.raises(StoppedError):
        attempt.call({"function": "f"})
    assert attempt.call({"function": "g"}) == {"value": 7}
    assert room.answers == []
