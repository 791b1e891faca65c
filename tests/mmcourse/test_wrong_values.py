"""Every public name is called with every kind of wrong value, and refuses in our words.

`python tests/helpers/wrong_values/run.py losses` prints what the last test prints, of one
package, class or function.
"""

import signal
from importlib import import_module

import pytest
from good_calls import GOOD_CALLS
from places import HELPERS

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="nothing here ends a call that takes too long"
)

MOST_FOREIGN = 0.03
"""Share of calls that may end in words that are not ours."""


@pytest.fixture
def wrong_values(monkeypatch):
    """Return what imports one of the fuzzer's files."""
    monkeypatch.syspath_prepend(HELPERS / "wrong_values")
    return import_module


def test_every_public_name_has_a_good_call(wrong_values):
    without, superfluous = wrong_values("sweep").unlisted()
    assert not without, "good_calls.py: add a good call, or an exemption with its reason"
    assert not superfluous, "good_calls.py: these are no public names"


def test_a_good_call_gives_every_parameter(wrong_values):
    assert not wrong_values("sweep").ungiven()


@pytest.mark.parametrize("name", GOOD_CALLS)
def test_good_call_works(wrong_values, name):
    wrong_values("sweep").good_results(name)


def test_there_are_25_kinds_of_wrong_value(wrong_values):
    assert len(set(wrong_values("wrong_kinds").KINDS)) == 25


@pytest.mark.slow
def test_wrong_values_are_refused_in_our_words(wrong_values, unchecked):
    # One test, because a sweep takes its time and several workers would each do it again.
    told, known = wrong_values("told"), wrong_values("judged").KNOWN
    outcomes = wrong_values("sweep").sweep()
    found = [outcome for outcome in outcomes if outcome.nonsense]
    new = [outcome for outcome in found if str(outcome) not in known]
    share = told.share(outcomes)
    assert share <= MOST_FOREIGN, f"{share:.1%} are foreign:\n{told.worst(outcomes)}"
    assert not new, "nonsense:\n" + "\n".join(told.by_function(new))
    assert not known.keys() - set(map(str, found)), "judged.py: strike what is refused by now"
