"""Formulas of LaTeX become elements that browsers draw."""

import pytest
from pages.mathml import mathml

MINUS, APART = "\N{MINUS SIGN}", '<mspace width="0.167em" />'


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\frac{a}{b}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac>"),
        (r"x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>"),
        (r"\texttt{logit\_scale}", "logit_scale"),
        (r"a<b", "&lt;"),
    ],
)
def test_a_formula_is_written_as_an_element(latex, expected):
    assert expected in mathml(latex)


def test_a_formula_keeps_how_it_was_typed():
    assert r'alttext="a&lt;\tau"' in mathml(r"a<\tau ")


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\cos\theta", f"<mi>cos</mi>{APART}<mi>θ</mi>"),
        (r"2\cos(x)", f'<mn>2</mn>{APART}<mi>cos</mi><mo stretchy="false">(</mo>'),
        (r"\log_2 x", f"<msub><mi>log</mi><mn>2</mn></msub>{APART}<mi>x</mi>"),
        ("(-1)", f'<mo form="prefix">{MINUS}</mo><mn>1</mn>'),
        ("y=-1", f'<mo form="prefix">{MINUS}</mo><mn>1</mn>'),
        ("x-1", f"<mi>x</mi><mo>{MINUS}</mo><mn>1</mn>"),
        ("(x)-1", f")</mo><mo>{MINUS}</mo><mn>1</mn>"),
        ("y'", '<mrow><mi>y</mi><mo lspace="0" rspace="0">′</mo></mrow>'),
        ("a/b", '<mo lspace="0" rspace="0" stretchy="false">/</mo>'),
    ],
)
def test_a_formula_is_spaced_as_latex_does(latex, expected):
    assert expected in mathml(latex)


def test_a_formula_on_a_line_of_its_own_says_so():
    assert 'display="block"' in mathml("x", block=True)
    assert 'display="inline"' in mathml("x")
