"""The reference: complete, true to the signatures, and nothing lost from a docstring."""

import ast
import inspect
import re

import pytest
from entries import entry
from pages import api
from pages.source import methods, public
from pages.wording import prose, said
from places import ROOT
from wrong_values.public_names import public_names

MAP = '"""A package.\n\nRead them:\n\n    01  things    what there is\n{axes}"""\n'
AXES = "\nEvery axis has one name:\n\n    batch    pairs\n"
THINGS = '''"""Things_that <there> are, $x | y$."""


def double(x: Float[Tensor, "batch dim"], *, times: int = 2) -> Float[Tensor, ""]:
    """Return {what}.

    Args:
        times: how often.

    Raises:
        ValueError: there is nothing.

    >>> double(3)
    6
    """


def _hidden() -> None:
    """Stay in here."""
'''


@pytest.fixture(scope="module")
def reference():
    """Return the pages of the reference."""
    return api.pages(ROOT)


@pytest.fixture
def package(tmp_path):
    """Return a function that writes a package of one module and returns its page."""

    def page(what):
        root = tmp_path / what.replace(" ", "_")
        (root / "mmcourse").mkdir(parents=True)
        (root / "site").mkdir()
        (root / "site" / "references.bib").write_text("")
        (root / "mmcourse" / "__init__.py").write_text(MAP.format(axes=AXES))
        (root / "mmcourse" / "things.py").write_text(THINGS.format(what=what))
        return api.pages(root)["api/things.md"]

    return page


def calls(text):
    """Return what the pages say of how each function, class and method is called."""
    found, kind = {}, ""
    for what, name, call in re.findall(r"^`+\{py:(\w+)\} ([\w.]+)(\(.*\))?$", text, re.M):
        inside = what in ("method", "property")
        kind = kind if inside else name
        found[f"{kind}.{name}" if inside else name] = call
    return found


def words(text):
    """Return the words of a text without what is only there for looks."""
    return set(re.findall(r"\w+", text.replace("\\", "")))


def test_every_public_name_has_its_place(reference):
    known = calls("\n".join(reference.values()))
    assert {f"mmcourse.{name}" for name in public_names()} - known.keys() == set()


def test_what_differs_in_case_alone_has_two_places(reference):
    known = calls(reference["api/world.md"])
    assert {"mmcourse.world.Film", "mmcourse.world.film"} <= known.keys()


def test_functions_are_called_as_python_says(reference):
    known = calls("\n".join(reference.values()))
    for name, thing in public_names().items():
        if inspect.isclass(thing):
            continue
        made = ast.parse(f"def f{known[f'mmcourse.{name}']}: pass").body[0].args
        given = inspect.signature(thing).parameters.values()
        kinds = {
            one.name: one.kind is inspect.Parameter.KEYWORD_ONLY
            for one in given
            if one.name not in ("self", "cls")
        }
        written = {one.arg: False for one in made.args} | dict.fromkeys(
            (one.arg for one in made.kwonlyargs), True
        )
        stars = {one.arg: False for one in (made.vararg, made.kwarg) if one}
        assert written | stars == kinds, name


def test_no_word_of_a_docstring_is_lost(reference):
    text = "\n".join(reference.values())
    things = dict(public(ROOT))
    for name, thing in public(ROOT).items():
        if thing.is_class:
            things |= {f"{name}.{inner}": one for inner, one in methods(thing).items()}
    for name, thing in things.items():
        told = re.sub(r"^ *(Args|Returns|Attributes):$", "", docstring(thing), flags=re.M)
        assert words(told) - words(entry(name, text)) == set(), name


def docstring(thing):
    """Return what is said of a thing in its file."""
    return thing.docstring.value if thing.docstring else ""


LEFT = re.compile(r"(?:^- \*\*\w+\*\* ·|^\*\*(?:Returns|Is)\*\*) .*\w\[.*'")
"""A line that says a type with a shape as it stands in the signature."""


def test_no_shape_is_left_as_jaxtyping_writes_it(reference):
    lines = [line for page in reference.values() for line in page.splitlines()]
    assert [line for line in lines if LEFT.search(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "- **x** · Float[Tensor, 'batch dim']",
        "- **x** · Float[Tensor, 'batch dim']\\",
        "**Returns** tuple[Float[Tensor, 'batch'], str]",
        "**Is** Int[Tensor, '']; how often",
    ],
)
def test_a_shape_that_is_left_would_be_found(line):
    assert LEFT.search(line)


def test_the_index_counts_and_leads_to_every_page(reference):
    names = len(public(ROOT))
    assert f"{names} names in {len(reference) - 1} modules" in reference["api/index.md"]
    for path in reference:
        assert (
            path == "api/index.md"
            or f"({path.removeprefix('api/')})" in reference["api/index.md"]
        )


def test_the_index_shows_what_a_module_says_as_it_is(package, tmp_path):
    package("it")
    said = api.pages(tmp_path / "it")["api/index.md"]
    assert r"| [things](things.md) | Things\_that \<there> are, \$x \| y\$. | 01 |" in said


def test_a_docstring_stands_on_the_page_and_changes_it(package):
    assert "Return the double." in package("the double")
    assert "Return twice as much." in package("twice as much")


def test_a_page_says_shapes_arguments_errors_and_the_example(package):
    page = package("it")
    assert "{py:function} mmcourse.things.double(x, *, times=2)" in page
    assert "- **x** · Tensor (batch, dim) of floats\n- **times** · int\\\n  how often." in page
    assert "**Returns** Tensor of one float" in page
    assert "- `ValueError`: there is nothing." in page
    assert "```pycon\n>>> double(3)\n6\n```" in page
    assert "_hidden" not in page


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        ("Float[Tensor, 'batch dim']", "Tensor (batch, dim) of floats"),
        ("Int[Tensor, ' n'] | None", "Tensor (n) of integers | None"),
        ("Float[Tensor, '']", "Tensor of one float"),
        ("UInt8[np.ndarray, '*b 3']", r"array (\*b, 3) of integers from 0 to 255"),
        ("Num[np.ndarray | Tensor, 'n']", "array or Tensor (n) of numbers"),
        ("tuple[Bool[Tensor, 'n m'], str]", "tuple[Tensor (n, m) of truth values, str]"),
    ],
)
def test_shapes_are_said_in_words(annotation, words):
    assert said(annotation) == words


def test_only_text_is_changed_in_a_docstring():
    text = "Take x_1 of `arXiv_1` (arXiv 1).\n\n    x_1 < 2\n\nThen:\n\n>>> x_1\n\n>>> x_2"
    made = prose(text, lambda code: f"<{code}>", lambda words: words.replace("arXiv", "see"))
    code = "```text\nx_1 < 2\n```", "```pycon\n>>> x_1\n\n>>> x_2\n```"
    assert made.split("\n\n", 1)[0] == r"Take x\_1 of <`arXiv_1`> (see 1)."
    assert made.split("\n\n", 1)[1] == f"{code[0]}\n\nThen:\n\n{code[1]}"
