"""Formulas of LaTeX become elements that browsers draw."""

import pytest
from pages.mathml import mathml


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        (r"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\texttt{logit\_scale}", "logit_scale"),
        (r"a<b", "&#x0003C;"),
    ],
)
def test_a_formula_is_written_as_an_element(latex, expected):
    assert expected in mathml(latex)


def test_a_formula_keeps_how_it_was_typed():
    assert r'alttext="a&lt;\tau"' in mathml(r"a<\tau ")


def test_a_formula_on_a_line_of_its_own_says_so():
    assert 'display="block"' in mathml("x", block=True)
    assert 'display="inline"' in mathml("x")
