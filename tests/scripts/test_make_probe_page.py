"""The page of the battery: made of its data, for every shipped model as it is."""

import make_probe_page

from mmcourse.checkpoints import manifest

KEPT = make_probe_page.data()


def test_every_shipped_model_was_asked_as_it_is():
    assert {name: one["sha256"] for name, one in KEPT.items()} == {
        name: entry.sha256 for name, entry in manifest("CLIP").items()
    }, "out of date: python scripts/make_probe_page.py"


def test_the_page_is_made_of_the_data():
    text, _ = make_probe_page.page(KEPT)
    assert make_probe_page.PAGE.read_text(encoding="utf-8") == text, (
        "out of date: python scripts/make_probe_page.py"
    )


def test_every_row_has_an_interval_around_it_and_a_name_of_its_own():
    for name, one in KEPT.items():
        rows = one["found"]["rows"]
        assert len({row["name"] for row in rows}) == len(rows)
        assert [row for row in rows if not row["low"] <= row["share"] <= row["high"]] == [], (
            name
        )


def test_nobody_who_sees_no_picture_beats_one_half():
    for one in KEPT.values():
        (blind,) = (row for row in one["found"]["rows"] if row["name"] == "seeing no picture")
        assert (blind["share"], blind["low"], blind["high"]) == (0.5, 0.5, 0.5)
