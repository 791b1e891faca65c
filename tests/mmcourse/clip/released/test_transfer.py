"""Transfers that are cut, moved, refused or changed under way, against a server of ours."""

import socket
from dataclasses import replace

import pytest
from weights_server import CONTENT, cut_at, fetch, left, release, serving
from weights_server import direct as direct  # a fixture of every test here

from mmcourse.clip.released.download import download
from mmcourse.clip.released.releases import RELEASES

HALF = len(CONTENT) // 2


def test_a_cut_transfer_goes_on_where_it_was_cut(tmp_path):
    with serving(cuts=[HALF]) as server:
        path = fetch(release(server.url), tmp_path)
    assert server.ranges_asked == [None, f"bytes={HALF}-"]
    assert server.sent == [HALF, len(CONTENT) - HALF]
    assert path.read_bytes() == CONTENT
    assert left(tmp_path) == ["any.pt"]


def test_the_next_call_goes_on_too_and_asks_for_the_same_version(tmp_path):
    with serving() as server:
        cut_at(server, tmp_path, HALF)
        assert left(tmp_path) == ["any.pt.partial", "any.pt.partial.etag"]
        path = fetch(release(server.url), tmp_path)
        (_, headers), *more = server.asked
    assert (headers["Range"], headers["If-Range"], more) == (f"bytes={HALF}-", '"first"', [])
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("garbled", ["", "\0" * 7, '"cut', '"a"\nb: c'])
def test_a_garbled_name_of_the_version_is_not_sent(garbled, tmp_path):
    with serving() as server:
        cut_at(server, tmp_path, HALF)
        (tmp_path / "any.pt.partial.etag").write_text(garbled, encoding="latin-1")
        path = fetch(release(server.url), tmp_path)
    ((_, headers),) = server.asked
    assert (headers["Range"], headers["If-Range"]) == (f"bytes={HALF}-", None)
    assert path.read_bytes() == CONTENT


def test_tries_go_on_as_long_as_each_brings_something(tmp_path):
    fifth = len(CONTENT) // 5
    with serving(cuts=[fifth] * 4) as server:
        path = fetch(release(server.url), tmp_path)
    assert [asked is None for asked in server.ranges_asked] == [True, *[False] * 4]
    assert path.read_bytes() == CONTENT


def test_tries_end_when_they_bring_nothing_new(tmp_path):
    with (
        serving(ranges=False, cuts=[1000] * 9) as server,
        pytest.raises(ConnectionError, match=r"cut after 1,000 of [\d,]+ bytes"),
    ):
        fetch(release(server.url), tmp_path, pauses=(0, 0))
    assert len(server.asked) == 3


def test_a_server_that_hands_out_no_parts_starts_anew(tmp_path):
    with serving(ranges=False) as server:
        cut_at(server, tmp_path, 1000)
        path = fetch(release(server.url), tmp_path)
    assert server.sent == [len(CONTENT)]
    assert path.read_bytes() == CONTENT


def test_a_server_that_sends_another_part_is_asked_for_all(tmp_path):
    with serving() as server:
        cut_at(server, tmp_path, 1000)
        server.shift = 7
        path = fetch(release(server.url), tmp_path)
    assert server.ranges_asked == ["bytes=1000-", None]
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize("etag", ['"first"', "", 'W/"first"'])
def test_a_file_that_changed_between_two_parts_is_fetched_anew(etag, tmp_path):
    changed = bytes(reversed(CONTENT))
    with serving(etag=etag) as server:
        cut_at(server, tmp_path, 1000, release(server.url, changed))
        server.content, server.etag = changed, etag.replace("first", "second")
        path = fetch(release(server.url, changed), tmp_path)
    named = etag == '"first"'  # else only the hash tells
    assert server.ranges_asked == ["bytes=1000-"] + [None] * (not named)
    assert path.read_bytes() == changed


@pytest.mark.parametrize("more", [b"", b"more"])
def test_a_part_that_is_the_whole_or_more_is_judged_by_its_hash(more, tmp_path):
    (tmp_path / "any.pt.partial").write_bytes(CONTENT + more)
    with serving() as server:
        path = fetch(release(server.url), tmp_path)
    assert server.sent == ([len(CONTENT)] if more else [])
    assert path.read_bytes() == CONTENT


def test_a_redirected_request_keeps_its_range(tmp_path):
    with serving(path="/moved/models/any.pt") as server:
        cut_at(server, tmp_path, 1000)
        path = fetch(release(server.url), tmp_path)
    assert [place for place, _ in server.asked] == ["/moved/models/any.pt", "/models/any.pt"]
    assert server.ranges_asked == ["bytes=1000-"] * 2
    assert path.read_bytes() == CONTENT


def test_the_proxy_of_the_environment_is_used(tmp_path, monkeypatch):
    with serving() as server:
        monkeypatch.setenv("http_proxy", server.url.removesuffix("/models/any.pt"))
        wanted = replace(release(server.url), url="http://weights.example/any.pt")
        assert fetch(wanted, tmp_path).read_bytes() == CONTENT
    assert [place for place, _ in server.asked] == ["http://weights.example/any.pt"]


def test_an_end_that_nobody_announced_is_found_by_the_hash(tmp_path):
    with serving(lengths=False, cuts=[5000]) as server:
        with pytest.raises(ValueError, match=r"got 5,000 bytes with .* have cut it: try again"):
            fetch(release(server.url), tmp_path)
        assert left(tmp_path) == []
        assert fetch(release(server.url), tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("status", "tries"), [(403, 1), (404, 1), (429, 3), (500, 3), (503, 3)]
)
def test_a_refusal_is_repeated_if_it_may_pass(status, tries, tmp_path):
    with serving(refusals=[status] * 9) as server:
        with pytest.raises(ConnectionError, match=rf"the server answers {status} ") as caught:
            fetch(release(server.url), tmp_path, pauses=(0, 0))
        assert len(server.asked) == tries
        assert server.url in str(caught.value)
        assert left(tmp_path) == []
        server.refusals = [503]
        assert fetch(release(server.url), tmp_path).read_bytes() == CONTENT


def test_a_refusal_in_the_middle_keeps_what_came(tmp_path):
    with serving(cuts=[1000], refusals=[None, 500, 500]) as server:
        with pytest.raises(ConnectionError, match=r"500 .* 0 MB came so far; the next call"):
            fetch(release(server.url), tmp_path)
        assert fetch(release(server.url), tmp_path).read_bytes() == CONTENT
    assert server.ranges_asked == [None, *["bytes=1000-"] * 3]


def test_a_silent_server_is_given_up(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/any.pt"
        with pytest.raises(ConnectionError, match=r"timed out"):
            download(replace(RELEASES["RN50"], url=url), tmp_path, timeout=0.05, pauses=())


def test_a_proxy_set_after_a_first_failed_download_is_used(tmp_path, monkeypatch):
    with serving() as proxy:
        nowhere = release("http://nowhere.invalid/any.pt")
        with pytest.raises(ConnectionError):
            fetch(nowhere, tmp_path)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.setenv("http_proxy", proxy.url.rpartition("/")[0])
        assert fetch(nowhere, tmp_path).read_bytes() == CONTENT
