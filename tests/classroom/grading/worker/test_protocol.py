"""What crosses the border of the sandbox, and what the grader refuses to read there."""

import json
import socket
import struct
import threading
import tracemalloc
from contextlib import suppress

import numpy as np
import pytest
import torch

from classroom.grading.faults import StoppedError
from classroom.grading.sandbox.line import ask
from classroom.grading.worker.protocol import (
    HEAD,
    MOST_BODY,
    MOST_HEADER,
    ViolationError,
    from_frame,
    lengths,
    to_frame,
)


def there_and_back(value, tensor=None):
    frame = to_frame({"value": value})
    header, body = lengths(frame[: HEAD.size])
    rest = frame[HEAD.size :]
    assert len(rest) == header + body
    return from_frame(rest[:header], rest[header:], tensor)["value"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -3,
        0.1,
        float("inf"),
        "",
        "naïve 日本",
        [],
        (1, "a"),
        {"a": [1, (2.5, None)]},
    ],
    ids=repr,
)
def test_plain_values_come_back_as_they_were(value):
    assert there_and_back(value) == value
    assert type(there_and_back(value)) is type(value)


@pytest.mark.parametrize("dtype", "?bBhHiIlLqQefdFD")
def test_arrays_keep_dtype_shape_and_values(dtype):
    array = np.arange(15).reshape(3, 5).astype(dtype)
    back = there_and_back([array])[0]
    assert (back.dtype, back.shape) == (array.dtype.newbyteorder("<"), (3, 5))
    np.testing.assert_array_equal(back, array)


def test_views_empty_arrays_and_arrays_without_axes_cross():
    for array in (np.arange(12).reshape(3, 4).T[::2], np.zeros((0, 5)), np.float32(0.5)):
        np.testing.assert_array_equal(there_and_back(array), array)


def test_a_tensor_arrives_as_a_tensor_only_where_one_is_made():
    sent = torch.arange(6.0).reshape(2, 3).requires_grad_()
    assert isinstance(there_and_back(sent), np.ndarray)
    back = there_and_back(
        sent, lambda array, wants: torch.from_numpy(array).requires_grad_(wants)
    )
    assert torch.equal(back, sent)
    assert back.requires_grad
    half = there_and_back(torch.tensor([0.5, 3.0], dtype=torch.bfloat16))
    np.testing.assert_array_equal(half, [0.5, 3.0])


@pytest.mark.parametrize(
    "value",
    [object(), np.array(["a"]), 1 << 70, [[[[[[[[1]]]]]]]], np.zeros(5_000_000), {1, 2}],
)
def test_what_cannot_cross_is_refused_where_it_is_sent(value):
    with pytest.raises((TypeError, ValueError), match=r"to_frame: expected"):
        to_frame({"value": value})


def header(value):
    return json.dumps(["dict", ["id", "x"], ["value", value]]).encode()


FORGED = {
    "no JSON": (b"\xff{", b""),
    "another message": (b"[1, 2]", b""),
    "no message": (b"3", b""),
    "nesting": (b"[" * 100_000 + b"]" * 100_000, b""),
    "nested lists": (
        header(["list", ["list", ["list", ["list", ["list", ["list", ["list"]]]]]]]),
        b"",
    ),
    "a huge number": (b'["dict", ["value", ' + b"9" * 5000 + b"]]", b""),
    "a number beyond 64 bits": (header(1 << 64), b""),
    "too many parts": (header(["list", *range(150_000)]), b""),
    "an unknown kind": (header(["pickle", "gASVAA=="]), b""),
    "a bare object": (b'{"id": "x"}', b""),
    "a key that is no text": (b'["dict", [1, 2]]', b""),
    "a broken dictionary": (b'["dict", ["a"]]', b""),
    "objects in an array": (header(["array", "|O", [1]]), b"\0" * 8),
    "a dtype that is no text": (header(["array", ["<f4"], [1]]), b"\0" * 4),
    "a structured dtype": (header(["array", "f4,f4", [1]]), b"\0" * 8),
    "a negative shape": (header(["array", "<f4", [-1, -1]]), b"\0" * 4),
    "a shape of floats": (header(["array", "<f4", [1.0]]), b"\0" * 4),
    "a shape of booleans": (header(["array", "|i1", [True]]), b"\0"),
    "an overflowing shape": (header(["array", "<f8", [1 << 25, 1 << 25, 1 << 25]]), b"\0" * 8),
    "an empty overflow": (header(["array", "<f8", [0] + [1 << 25] * 7]), b""),
    "too many axes": (header(["array", "<f4", [1] * 9]), b"\0" * 4),
    "missing bytes": (header(["array", "<f4", [3]]), b"\0" * 4),
    "bytes too many": (header(["array", "<f4", [1]]), b"\0" * 12),
    "a broken tensor": (header(["tensor", "<f4", [1], "yes"]), b"\0" * 4),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_frame_is_refused(name):
    with pytest.raises(ViolationError, match="a reply"):
        from_frame(*FORGED[name])


def test_booleans_are_zero_or_one_and_texts_are_whole_whatever_was_sent():
    back = from_frame(header(["array", "|b1", [3]]), b"\x00\x02\xff")["value"]
    assert back.view(np.uint8).tolist() == [0, 1, 1]
    assert from_frame(header("\ud800"), b"")["value"] == "?"


def answered(reply, *, seconds=2.0, watch=lambda: None):
    """Ask, while the other end answers with whatever `reply` makes of the id that was sent."""
    ours, theirs = socket.socketpair()

    def other_end():
        head = theirs.recv(HEAD.size)
        own = from_frame(theirs.recv(sum(lengths(head))), b"")["id"]
        with suppress(OSError):  # the grader hung up on it
            reply(theirs, own)

    thread = threading.Thread(target=other_end)
    thread.start()
    try:
        return ask(ours, {"op": "x"}, seconds=seconds, watch=watch)
    finally:
        ours.close()
        thread.join()
        theirs.close()


def test_an_honest_reply_is_returned():
    assert answered(lambda line, own: line.sendall(to_frame({"id": own, "value": 3}))) == {
        "value": 3
    }


def flood(line, own):
    line.sendall(HEAD.pack(100, MOST_BODY))
    while True:
        line.sendall(b"\0" * 65536)


def drip(line, own):
    frame = to_frame({"id": own, "value": "x" * 1000})
    for at in range(len(frame)):
        line.sendall(frame[at : at + 1])
        threading.Event().wait(0.05)


LIES = {
    "another id": (
        lambda line, own: line.sendall(to_frame({"id": "0", "value": 1})),
        "another",
    ),
    "no id": (lambda line, own: line.sendall(to_frame({"value": 1})), "another"),
    "two replies": (lambda line, own: line.sendall(to_frame({"id": own}) * 2), "more than one"),
    "a large header": (
        lambda line, own: line.sendall(HEAD.pack(MOST_HEADER + 1, 0)),
        "too large",
    ),
    "a large body": (lambda line, own: line.sendall(HEAD.pack(9, MOST_BODY + 1)), "too large"),
    "all ones": (lambda line, own: line.sendall(b"\xff" * 4096), "too large"),
    "no more than a head": (lambda line, own: line.sendall(HEAD.pack(9, 0)), "ended|longer"),
    "nothing": (lambda line, own: line.shutdown(socket.SHUT_RDWR), "ended"),
    "a flood": (flood, "another question|cannot be read"),
    "a slow drip": (drip, "longer"),
    "descriptors": (
        lambda line, own: socket.send_fds(line, [b"\xff" * 8], [0] * 200),
        "too large",
    ),
    "deep JSON": (
        lambda line, own: line.sendall(struct.pack(">II", 200_000, 0) + b"[" * 200_000),
        "cannot be read",
    ),
}


@pytest.mark.parametrize("name", LIES)
def test_a_lie_on_the_line_stops_the_submission_and_not_the_grader(name):
    reply, reason = LIES[name]
    tracemalloc.start()
    try:
        with pytest.raises(StoppedError, match=reason):
            answered(reply)
        assert tracemalloc.get_traced_memory()[1] < 4 * MOST_BODY, "the grader kept too much"
    finally:
        tracemalloc.stop()


def test_waiting_looks_at_the_memory():
    def spent():
        raise StoppedError("used too much")

    with pytest.raises(StoppedError, match="used too much"):
        answered(lambda line, own: threading.Event().wait(0.5), watch=spent)
