"""A call that does not end is stopped, once, and what it does about that changes nothing."""

import signal
import threading
from functools import partial

import numpy as np
import pytest
from doubling import QUESTION

from classroom.checks import calls, patience
from classroom.checks.feedback import feedback
from classroom.checks.judge import judge

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no alarms"
)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    monkeypatch.setattr(calls, "within", partial(patience.within, 0.05))


class Endless:
    """An answer that never comes, and counts how often it is asked for."""

    def __init__(self):
        self.asked = 0

    def __call__(self, x):
        self.asked += 1
        while True:
            pass


def test_an_endless_answer_is_stopped_and_not_called_again():
    answer = Endless()
    verdict = judge(QUESTION, answer)
    assert answer.asked == 1
    assert len(verdict.trials) == 2
    assert all(one.outcome.stopped for one in verdict.trials)
    assert verdict.points == 0


def test_a_learner_reads_that_it_was_stopped_and_in_which_line():
    said = feedback(judge(QUESTION, Endless())).splitlines()
    assert said[1].startswith("It raised TimeoutError: stopped after 10 s of work")
    assert said[2].startswith("  in line ")


def test_an_answer_that_catches_what_stops_it_is_stopped_again():
    caught = []

    def stubborn(x):
        while len(caught) < 2:
            try:
                while True:
                    pass
            except TimeoutError as error:
                caught.append(str(error))
                signal.setitimer(signal.ITIMER_VIRTUAL, 0.05, 1)  # not to wait for a second
        while True:
            pass

    assert judge(QUESTION, stubborn).trials[0].outcome.stopped
    assert caught == [patience.STOPPED] * 2


def test_an_error_of_the_answers_own_is_no_stop():
    def own(x):
        raise TimeoutError("mine")

    verdict = judge(QUESTION, own)
    assert not any(one.outcome.stopped for one in verdict.trials)


def test_the_alarm_that_was_there_before_is_there_afterwards():
    heard = []
    before = signal.signal(signal.SIGVTALRM, lambda *_: heard.append(1))
    try:
        with patience.within(9):
            assert signal.getsignal(signal.SIGVTALRM) is not before
        signal.raise_signal(signal.SIGVTALRM)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert heard == [1]
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_where_no_alarm_can_be_heard_a_call_is_left_alone():
    found = []

    def call():
        with patience.within(0.01):
            found.append(float(np.linalg.norm(np.ones((300, 300)))))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert found == [300]
