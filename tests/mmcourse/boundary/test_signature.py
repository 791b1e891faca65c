"""The signature as the check: which annotations are read, and how others are refused."""

# ruff: noqa: E501 - a message is easier to read in one line

import doctest
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import torch
from jaxtyping import Bool, Float, Int, Num, Shaped, UInt8
from PIL import Image
from torch import Tensor

from mmcourse.boundary.annotations import form_of
from mmcourse.boundary.signature import checked, checked_alike

pytestmark = pytest.mark.usefixtures("unchecked")
Array = TypeVar("Array", np.ndarray, Tensor)


@checked
def pairs(
    a: Float[Tensor, "batch dim"],
    b: Float[Tensor, "batch dim"],
    scale: float | Float[Tensor, ""] = 1.0,
    extra: Float[Tensor, "extra dim"] | None = None,
) -> str:
    """Return a word."""
    del a, b, scale, extra
    return "done"


def refused(function, *args, **kwargs):
    """Return the class and the words of a refusal."""
    with pytest.raises((TypeError, ValueError)) as raised:
        function(*args, **kwargs)
    return type(raised.value), str(raised.value)


A, B = torch.ones(3, 5), torch.ones(3, 5)


@pytest.mark.parametrize(
    ("args", "kind", "said"),
    [
        ((A, torch.ones(2, 5)), ValueError, "a and b must agree in batch; got shapes (3, 5) and (2, 5); row i of each must be one pair."),
        ((A, torch.ones(3, 7)), ValueError, "a and b must agree in dim; got shapes (3, 5) and (3, 7); only vectors of one space compare."),
        ((A[0], B), ValueError, "a must have shape (batch, dim); got (5,); one alone is a[None]."),
        ((A[None], B), ValueError, "a must have shape (batch, dim); got (1, 3, 5)."),
        ((A.int(), B), TypeError, "a must be a tensor of floats; got Tensor of torch.int32; torch.as_tensor(x, dtype=torch.float32) makes one."),
        ((A, B.numpy()), TypeError, "b must be a tensor of floats; got ndarray of float32; torch.as_tensor(x, dtype=torch.float32) makes one."),
        ((A.to_sparse(), B), TypeError, "a must be a dense tensor; got torch.sparse_coo of torch.float32; x.to_dense() or x.dequantize() makes one."),
        ((A.to("meta"), B), ValueError, "all tensors must be on one device; got meta and cpu; move one with .to(other.device)."),
        ((A, B, "10"), TypeError, "scale must be a number or a tensor of floats; got '10'."),
        ((A, B, True), TypeError, "scale must be a number or a tensor of floats; got True."),
        ((A, B, torch.ones(2)), ValueError, "scale must be one number; got (2,)."),
        ((A, B, 1, A[:, :2]), ValueError, "a and extra must agree in dim; got shapes (3, 5) and (3, 2); only vectors of one space compare."),
        ((A, torch.ones(5, 3)), ValueError, "a and b must agree in batch; got shapes (3, 5) and (5, 3); pass b.T."),
    ],
)  # fmt: skip
def test_arrays_are_refused_in_one_wording(args, kind, said):
    assert refused(pairs, *args) == (kind, f"pairs: {said}")


@pytest.mark.parametrize(
    "args",
    [
        (A, B),
        (A.half(), B.double()),
        (A, B, 3),
        (A, B, np.float32(3)),
        (A, B, torch.tensor(3.0)),
        (A, B, torch.ones(1)),
        (A, B, 1.0, None),
        (A[:0], B[:0], 1.0, torch.ones(7, 5)),
        (A.requires_grad_(), B.to(torch.bfloat16)),
    ],
)
def test_what_fits_goes_through(args):
    assert pairs(*args) == "done"
    assert pairs(a=args[0], b=args[1]) == "done"


def test_a_call_that_python_refuses_is_left_to_python():
    assert refused(pairs, A) == (
        TypeError,
        "pairs() missing 1 required positional argument: 'b'",
    )
    assert "unexpected keyword argument 'c'" in refused(pairs, A, B, c=1)[1]
    assert (
        "from 2 to 4 positional arguments but 5 were given"
        in refused(pairs, A, B, 1, None, 2)[1]
    )


def test_what_is_by_keyword_alone_or_one_of_many_is_not_asked_by_place():
    @checked
    def f(a: int, *rest: object, n: str = "s") -> object:
        return a, rest, n

    assert f(1, 2, 3) == (1, (2, 3), "s")
    assert refused(f, 1, n=3)[1] == "f: n must be a string; got 3."
    with pytest.raises(TypeError, match="unexpected keyword argument 'm'"):
        f("one", m=2)


@pytest.mark.parametrize(("more", "length"), [("dim+1", 6), ("dim-1", 4)])
@pytest.mark.parametrize("turned", [False, True])
def test_an_axis_may_be_longer_or_shorter_than_another(more, length, turned):
    @checked
    def f(a: Float[Tensor, " dim"], b: Float[Tensor, more]) -> None:
        del a, b

    def call(size):
        f(**dict(reversed(given(size).items()) if turned else given(size)))

    def given(size):
        return {"a": torch.ones(5), "b": torch.ones(size)}

    call(length)
    assert "must agree in dim" in refused(call, 5)[1]


def test_a_matrix_that_contradicts_an_open_shape_is_told_both():
    @checked
    def f(a: Float[Tensor, "mels frames"], b: Float[Tensor, "*batch mels frames"]) -> None:
        del a, b

    f(torch.ones(3, 7), torch.ones(2, 2, 3, 7))
    assert refused(f, torch.ones(3, 7), torch.ones(3, 5))[1] == (
        "f: a and b must agree in frames; got shapes (3, 7) and (3, 5)."
    )


def test_the_values_of_a_mapping_are_asked_by_their_keys():
    @checked
    def f(x: Mapping[str, tuple[int, int]]) -> None:
        del x

    f({"a": (1, 2)})
    assert refused(f, {"a": (1, 2), "b": 3})[1] == "f: x['b'] must be a tuple of 2; got 3."
    assert refused(f, (1, 2))[1] == "f: x must be a mapping; got tuple."


@pytest.mark.parametrize("rows", [np.ones((2, 3)), torch.ones(2, 3), [[1, 2], [3, 4]]])
def test_the_rows_of_an_array_are_a_sequence_of_whatever(rows):
    @checked
    def f(x: Sequence[Any]) -> int:
        return len(x)

    assert f(rows) == 2
    assert refused(f, np.array(1))[1] == "f: x must be a sequence; got ndarray of int64."


def test_of_several_shapes_the_one_that_has_as_many_axes_is_asked():
    @checked
    def f(x: Float[Tensor, " dim"] | Float[Tensor, "n dim"]) -> None:
        del x

    f(torch.ones(3))
    f(torch.ones(2, 3))


@pytest.mark.parametrize(
    ("each", "said"),
    [
        (bool, "flags"),
        (Num[np.ndarray | Tensor, " n"], "numpy arrays or tensors of real numbers"),
        (str | Float[Tensor, ""], "strings or tensors of floats"),
    ],
)
def test_several_are_named_in_the_plural(each, said):
    assert form_of(Sequence[each]).wanted == f"a sequence of {said}"


def test_the_function_can_be_seen_through_the_check():
    assert list(inspect.signature(pairs).parameters) == ["a", "b", "scale", "extra"]
    assert (pairs.__name__, pairs.__doc__, pairs.__module__) == (
        "pairs",
        "Return a word.",
        __name__,
    )
    found = doctest.DocTestFinder().find(checked)
    assert [test.name for test in found if test.examples] == ["checked"]


def asking(annotation):
    """Return a checked function `f` of one argument `x` with this annotation."""

    def f(x):
        return x

    f.__annotations__ = {"x": annotation}
    f.__qualname__ = "f"
    return checked(f)


@pytest.mark.parametrize(
    ("annotation", "right", "wrong", "said"),
    [
        (Float[Tensor, "batch 3 height width"], torch.ones(2, 3, 4, 5), torch.ones(2, 4, 4, 5), "x must have shape (batch, 3, height, width); got (2, 4, 4, 5)."),
        (Float[Tensor, "n n"], torch.ones(2, 2), torch.ones(2, 3), "x must have shape (n, n); got (2, 3)."),
        (Float[Tensor, "n n+1"], torch.ones(2, 3), torch.ones(2, 2), "x must have shape (n, n+1); got (2, 2)."),
        (Float[Tensor, "*batch dim"], torch.ones(2, 3, 4), torch.tensor(1.0), "x must have shape (*batch, dim); got ()."),
        (Float[Tensor, "... 3"], torch.ones(7, 3), torch.ones(7, 2), "x must have shape (..., 3); got (7, 2)."),
        (Float[Tensor, "_rows 2"], torch.ones(7, 2), torch.ones(7, 3), "x must have shape (rows, 2); got (7, 3)."),
        (Float[Tensor, ""], torch.tensor(1.0), torch.ones(2), "x must be one number; got (2,)."),
        (Int[Tensor, " n"], torch.ones(3).long(), torch.ones(3), "x must be a tensor of whole numbers; got Tensor of torch.float32; torch.as_tensor(x, dtype=torch.long) makes one."),
        (Bool[Tensor, " n"], torch.ones(3).bool(), torch.ones(3), "x must be a tensor of True and False; got Tensor of torch.float32."),
        (Num[np.ndarray | Tensor, " n"], np.ones(3, int), np.ones(3, complex), "x must be a numpy array or tensor of real numbers; got ndarray of complex128; np.array(x, dtype=float) makes one."),
        (Num[np.ndarray | Tensor, " n"], torch.ones(3), torch.ones(3, dtype=torch.complex64), "x must be a numpy array or tensor of real numbers; got Tensor of torch.complex64; torch.as_tensor(x, dtype=torch.float32) makes one."),
        (UInt8[np.ndarray, "h w 3"], np.ones((2, 2, 3), np.uint8), np.ones((2, 2, 3)), "x must be a numpy array of whole numbers from 0 to 255 (uint8); got ndarray of float64; (255 * x).astype(np.uint8), of x in [0, 1], makes one."),
        (Shaped[np.ndarray, " n"], np.array(["a"]), np.array("a"), "x must have shape (n); got (); one alone is x[None]."),
        (Float[Tensor, " n"] | Bool[Tensor, " n"], torch.ones(3).bool(), torch.ones(3).int(), "x must be a tensor of floats; got Tensor of torch.int32; torch.as_tensor(x, dtype=torch.float32) makes one."),
        (int, np.int64(3), 3.0, "x must be a whole number; got 3.0."),
        (int, 3, True, "x must be a whole number; got True."),
        (float, np.float16(3), "3", "x must be a number; got '3'."),
        (float, 3, 3j, "x must be a number; got complex."),
        (bool, np.True_, "no", "x must be True or False; got 'no'."),
        (str, "a", b"a", "x must be a string; got b'a'."),
        (str | None, None, 3, "x must be a string; got 3."),
        (str | PathLike[str], Path("a"), None, "x must be a string or a path; got None."),
        (Callable[[int], int], abs, 3, "x must be a function; got 3."),
        (Sequence[str], ("a", "b"), "ab", "x must be a sequence of strings; got 'ab'; pass ['ab']."),
        (Sequence[str], [], ["a", 3], "x[1] must be a string; got 3."),
        (Sequence[str], ["a"], {"a"}, "x must be a sequence of strings; got set."),
        (str | Sequence[str], ["a"], ["a", None], "x[1] must be a string; got None."),
        (Iterable[str], iter("a"), 3, "x must be several strings; got 3."),
        (Iterable[str | int], {1, "a"}, None, "x must be several strings or whole numbers; got None."),
        (Sequence[Float[Tensor, "n classes"]], [torch.ones(2, 3)] * 2, [torch.ones(2, 3), torch.ones(2, 4)], "x[0] and x[1] must agree in classes; got shapes (2, 3) and (2, 4)."),
        (Sequence[Float[Tensor, "n classes"]], [], torch.ones(2, 3), "x must be a sequence of tensors of floats; got Tensor of torch.float32; pass a list of it."),
        (tuple[int, int], (3, 4), (3,), "x must be a tuple of 2; got tuple."),
        (dict[str, int], {}, print, "x must be a mapping; got builtin_function_or_method."),
        (np.random.Generator, np.random.default_rng(0), 0, "x must be a numpy Generator; got 0; np.random.default_rng(0) makes one."),
        (torch.Generator, torch.Generator(), None, "x must be a torch Generator; got None; torch.Generator().manual_seed(0) makes one."),
        (Image.Image, Image.new("L", (1, 1)), "a.png", "x must be a Pillow picture; got 'a.png'; open a file with images.open_rgb(path), or pass Image.fromarray(pixels)."),
        (torch.nn.Linear, torch.nn.Linear(1, 1), (torch.nn.Linear(1, 1), print), "x must be a Linear; got tuple; it holds one: unpack it, as in `model, preprocess = clip.load(name)`."),
        (str, "a", "x" and str, "x must be a string; got the class str."),
        (str, "a", object, "x must be a string; got the class object."),
    ],
)  # fmt: skip
def test_every_form_in_use_is_read(annotation, right, wrong, said):
    function = asking(annotation)
    assert function(right) is right
    kind, words = refused(function, wrong)
    assert words == f"f: {said}"
    assert kind is (ValueError if "shape" in said or "one number" in said else TypeError)


@pytest.mark.parametrize(
    "annotation", [Any, object, inspect.Parameter.empty, tuple[int, ...], "x"]
)
def test_what_asks_nothing_refuses_nothing(annotation):
    assert asking(annotation)(print) is print


def test_numpy_and_torch_do_not_mix_where_they_must_be_alike():
    @checked_alike
    def both(a: Num[Array, " n"], b: Num[Array, " n"]) -> None:
        del a, b

    both(np.ones(3), np.ones(3))
    both(torch.ones(3), torch.ones(3))
    said = refused(both, np.ones(3), torch.ones(3))[1]
    assert "numpy arrays, or all torch tensors; got ndarray and Tensor; torch.as_tensor" in said


def test_long_values_are_not_printed_whole():
    assert len(refused(asking(int), "x" * 5000)[1]) < 90


class Toy:
    """A class whose constructor, call and method are checked."""

    @checked
    def __init__(self, n: int) -> None:
        self.n = n

    @checked
    def __call__(self, n: int) -> int:
        return self.n + n

    @checked
    def add(self, n: int) -> int:
        return self.n + n

    @classmethod
    @checked
    def of(cls, n: int) -> "Toy":
        return cls(n)


def test_methods_speak_in_the_name_of_their_class():
    assert refused(Toy, "a")[1] == "Toy: n must be a whole number; got 'a'."
    assert refused(Toy(1), "a")[1] == "Toy: n must be a whole number; got 'a'."
    assert refused(Toy(1).add, "a")[1] == "Toy.add: n must be a whole number; got 'a'."
    assert refused(Toy.of, "a")[1] == "Toy.of: n must be a whole number; got 'a'."
    assert Toy.of(1).add(2) == 3


def test_shapes_are_asked_under_vmap_and_while_exporting():
    class Module(torch.nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            pairs(x, x)
            return x * 2

    exported = torch.export.export(Module(), (torch.ones(3, 5),)).module()
    torch.testing.assert_close(exported(A), A * 2)
    summed = torch.vmap(lambda x: (pairs(x, x), x.sum())[1])(torch.ones(2, 3, 5))
    torch.testing.assert_close(summed, torch.tensor([15.0, 15.0]))
    with pytest.raises(ValueError, match="agree in dim"):
        torch.vmap(lambda x: (pairs(x, x[:, :2]), x)[1])(torch.ones(2, 3, 5))
