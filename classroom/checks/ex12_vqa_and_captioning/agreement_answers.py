"""Answers to 12.4, a right one and the mistakes that are known."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations

from classroom.checks.question import Answer, Mistake

Answers = Sequence[str]


def _one_left_out(answers: Answers) -> list[list[str]]:
    return [list(nine) for nine in combinations(answers, 9)]


def _said(answers: Answers, prediction: str) -> float:
    return list(answers).count(prediction)


def _credit(count: float) -> float:
    return min(count / 3, 1)


def _mean(credits: Sequence[float]) -> float:
    return sum(credits) / len(credits)


def build(
    *,
    choices: Callable[[Answers], Sequence[Answers]] = _one_left_out,
    said: Callable[[Answers, str], float] = _said,
    credit: Callable[[float], float] = _credit,
    total: Callable[[Sequence[float]], object] = _mean,
    last: Callable[..., object] = lambda score: score,
) -> Answer:
    """Return an answer that chooses, counts, credits or sums up in its own way."""

    def answer(answers: Answers, prediction: str) -> object:
        credits = [credit(said(chosen, prediction)) for chosen in choices(answers)]
        return last(total(credits))

    return answer


def _all_ten(answers: Answers) -> list[list[str]]:
    return [list(answers)]


def _first_nine(answers: Answers) -> list[list[str]]:
    return [list(answers[:9])]


def _last_nine(answers: Answers) -> list[list[str]]:
    return [list(answers[1:])]


def _others_unlike(answers: Answers) -> list[list[str]]:
    """Return for each person the answers that differ from theirs."""
    return [[other for other in answers if other != answer] for answer in answers]


def _each_answer_once(answers: Answers) -> list[list[str]]:
    """Return for each answer that somebody gave the list without one of them."""
    chosen = []
    for answer in dict.fromkeys(answers):
        rest = list(answers)
        rest.remove(answer)
        chosen.append(rest)
    return chosen


def _one_opinion_left_out(answers: Answers) -> list[list[str]]:
    opinions = sorted(set(answers))
    return [[other for other in opinions if other != one] for one in opinions]


def _most_said(answers: Answers, prediction: str) -> float:
    counts = Counter(answers)
    return float(counts[prediction] == max(counts.values()))


def _part_of(answers: Answers, prediction: str) -> float:
    return sum(prediction in answer for answer in answers)


def _part_of_all(answers: Answers, prediction: str) -> float:
    return " ".join(answers).count(prediction)


def _word_of(answers: Answers, prediction: str) -> float:
    return sum(prediction in answer.split() for answer in answers)


def _last_word(answers: Answers, prediction: str) -> float:
    return sum(answer.split()[-1] == prediction.split()[-1] for answer in answers)


def _within_prediction(answers: Answers, prediction: str) -> float:
    return sum(answer in prediction for answer in answers)


def _fewer_words(answers: Answers, prediction: str) -> float:
    return sum(set(answer.split()) <= set(prediction.split()) for answer in answers)


def _any_word_order(answers: Answers, prediction: str) -> float:
    return sum(sorted(answer.split()) == sorted(prediction.split()) for answer in answers)


def _small_letters(answers: Answers, prediction: str) -> float:
    return sum(answer.lower() == prediction.lower() for answer in answers)


def _first_most_said(answers: Answers, prediction: str) -> float:
    return float(prediction == Counter(answers).most_common(1)[0][0])


def _more_than_half(answers: Answers, prediction: str) -> float:
    return float(list(answers).count(prediction) > 5)


def _at_least_half(answers: Answers, prediction: str) -> float:
    return float(list(answers).count(prediction) >= 5)


MISTAKES = (
    Mistake(
        name="exact-majority",
        message="You asked whether the prediction is the answer that most people gave. Of ten "
        "people several may be right: four who agree are enough, and fewer count in part.",
        answer=_most_said,
        variants=(_first_most_said, _more_than_half, _at_least_half),
    ),
    Mistake(
        name="not-averaged-over-9",
        message="You counted among all ten people, or among nine of them once. Leave each "
        "person out in turn, count among the other nine, and average the ten results.",
        changes={"choices": _all_ten},
        variants=({"choices": _first_nine}, {"choices": _last_nine}),
    ),
    Mistake(
        name="no-min",
        message="More than three who agree count above 1 with you. min(…, 1) for each choice "
        "of nine, before the mean.",
        changes={"credit": lambda count: count / 3},
    ),
    Mistake(
        name="three-or-nothing",
        message="One or two who agree count 0 with you. They count a third each.",
        changes={"credit": lambda count: float(count >= 3)},
        variants=(
            {"choices": _all_ten, "credit": lambda count: float(count >= 3)},
            {"credit": lambda count: count // 3 and 1},
        ),
    ),
    Mistake(
        name="anybody",
        message="One who agrees is enough with you. Three of nine are: a third for each.",
        changes={"credit": lambda count: float(count >= 1)},
        variants=({"choices": _all_ten, "credit": lambda count: float(count >= 1)},),
    ),
    Mistake(
        name="share-of-people",
        message="You return which share of the people agrees. Three of nine are enough for 1: "
        "min(count / 3, 1).",
        changes={"credit": lambda count: count / 9},
        variants=({"choices": _all_ten, "credit": lambda count: count / 10},),
    ),
    Mistake(
        name="divided-by-ten-of-nine",
        message="You divided by 9 what you added over ten choices, or the other way round. "
        "There are ten ways to leave one out: divide by 10.",
        changes={"total": lambda credits: sum(credits) / 9},
    ),
    Mistake(
        name="left-out-by-value",
        message="You left out everybody who answered as the person did. Leave out one person: "
        "by place, not by value.",
        changes={"choices": _others_unlike},
    ),
    Mistake(
        name="each-answer-once",
        message="You left out each different answer once. There are ten people, and each is "
        "left out once, whatever they said.",
        changes={"choices": _each_answer_once},
    ),
    Mistake(
        name="each-opinion-once",
        message="You made a set of the answers, in which nobody agrees with anybody. Keep all "
        "ten.",
        changes={"choices": lambda answers: [sorted(set(answers))]},
        variants=({"choices": _one_opinion_left_out},),
    ),
    Mistake(
        name="eight-people",
        message="Eight people are left with you. Leave out one of ten at a time.",
        changes={"choices": lambda answers: list(combinations(answers, 8))},
    ),
    Mistake(
        name="part-of-an-answer",
        message="A prediction that is a part of an answer counts with you: no in none, 2 in "
        "12. Compare whole answers, with ==.",
        changes={"said": _part_of},
        variants=({"said": _part_of_all},),
    ),
    Mistake(
        name="nearly-alike",
        message="Answers that are nearly the prediction count with you: a word more or less, "
        "words in another order, or capitals. Compare whole answers, with ==.",
        changes={"said": _word_of},
        variants=tuple(
            {"said": said}
            for said in (
                _last_word,
                _within_prediction,
                _fewer_words,
                _any_word_order,
                _small_letters,
            )
        ),
    ),
    Mistake(
        name="turned-round",
        message="You counted those who do not agree.",
        changes={"said": lambda answers, said: len(answers) - _said(answers, said)},
    ),
    Mistake(
        name="summed",
        message="You added the ten results up. Take their mean.",
        changes={"total": sum},
    ),
    Mistake(
        name="not-averaged",
        message="You return one number for each choice of nine. Take their mean.",
        changes={"total": list},
    ),
    Mistake(
        name="percent",
        message="You return per cent. The score lies between 0 and 1.",
        changes={"last": lambda score: 100 * score},
    ),
    Mistake(
        name="least-of-ten",
        message="You took the least of the ten results. Take their mean.",
        changes={"total": min},
    ),
)
