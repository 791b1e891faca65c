"""Every question of every exercise: the right answer passes, each wrong one is named."""

from itertools import combinations, product

import checking
import pytest

from classroom import checks
from classroom.checks.calls import call
from classroom.checks.cases import PRACTICE
from classroom.checks.judge import judge
from classroom.comparison import differs, plain

pytestmark = pytest.mark.usefixtures("unchecked")  # as in a notebook, types are not asked for
QUESTIONS = [question for each in checks.EXERCISES for question in each.questions]
MISTAKES = [
    pytest.param(question, mistake, answer, id=f"{question.number}-{mistake.name}-{position}")
    for question in QUESTIONS
    for mistake in question.mistakes
    for position, answer in enumerate(question.answers(mistake))
]
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.number)


@every_question
class TestQuestion:
    """What holds for every question."""

    def test_the_reference_passes(self, question, seeds):
        checking.assert_passes(question, question.reference, seeds)

    def test_what_is_built_without_changes_is_right(self, question, seeds):
        if question.build is not None:
            checking.assert_passes(question, question.build(), seeds)

    def test_every_two_mistakes_can_be_built_together(self, question):
        for one, other in combinations(question.mistakes, 2):
            for first, second in product(one.made, other.made):
                if not first.keys() & second.keys():
                    assert callable(question.made({**first, **second})), (one.name, other.name)

    def test_a_laws_message_is_not_told_to_the_reference(self, question):
        def run(*arguments):
            return call(question, question.reference, arguments).value

        for law in question.invariances:
            for _, case in question.draw(0):
                assert law.holds(run, *case.arguments), (law.name, case.label)

    def test_answers_without_thought_earn_nothing(self, question):
        for name, answer in checking.empty_answers():
            assert judge(question, answer).points == 0, name
        for name, make in checking.empty_outcomes(question, PRACTICE):
            assert checking.earned(question, make, PRACTICE).points == 0, name

    def test_knows_four_mistakes_or_says_why_not(self, question):
        names = [mistake.name for mistake in question.mistakes]
        assert len(set(names)) == len(names)
        assert len(names) >= 4 or question.left_out

    def test_fixed_cases_are_shown_and_carry_no_points(self, question):
        fixed = [each for each in question.properties if not each.points]
        assert fixed, "a question shows at least one fixed case"
        for each, case in question.draw(0):
            assert not (each.points and case.visible and self.is_fixed(question, case.label)), (
                case.label
            )
        assert any(case.visible for each, case in question.draw(0) if each in fixed)

    def is_fixed(self, question, label):
        drawn = [
            [plain(case.arguments) for _, case in question.draw(seed) if case.label == label]
            for seed in (1, 2)
        ]
        return differs(*drawn, 0, 0) is None

    def test_draws_the_same_from_a_seed_and_others_from_another(self, question):
        def drawn(seed):
            return [
                [each.name, case.label, *plain(case.arguments)]
                for each, case in question.draw(seed)
            ]

        assert differs(drawn(1), drawn(1), 0, 0) is None
        if question.points:
            assert differs(drawn(1), drawn(2), 0, 0) is not None

    def test_each_property_with_points_draws_anew(self, question):
        for each in question.properties:
            hidden = [
                [plain(case.arguments) for one, case in question.draw(seed) if one is each]
                for seed in range(5)
            ]
            if each.points:
                assert any(differs(hidden[0], one, 0, 0) for one in hidden[1:]), each.name


@pytest.mark.parametrize(("question", "mistake", "answer"), MISTAKES)
def test_a_mistake_is_told_its_own_message_and_no_other(question, mistake, answer, seeds):
    for seed in seeds:
        checking.assert_refused(question, answer, seed)
    for seed in checking.told_on(seeds):
        checking.assert_diagnosed(question, mistake, answer, seed)


def test_exercises_are_named_and_numbered_after_their_lessons():
    for each in checks.EXERCISES:
        numbers = [question.number for question in each.questions]
        assert numbers == [f"{each.name[:2]}.{n}" for n in range(1, len(numbers) + 1)]
        assert checks.exercise(each.name[:2]) is each
