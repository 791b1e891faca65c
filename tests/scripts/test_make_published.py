"""The page of published numbers: made of its data, every number with a source."""

import make_published
import numpy as np

from mmcourse.clip.released.releases import RELEASES

FOUND = make_published.data()


def test_the_page_is_made_of_the_data():
    assert make_published.PAGE.read_text(encoding="utf-8") == make_published.page(), (
        "out of date: python scripts/make_published.py"
    )


def test_all_released_models_have_all_numbers():
    assert list(FOUND["models"]) == list(RELEASES)
    for numbers in FOUND["models"].values():
        assert tuple(numbers) == make_published.COLUMNS
        assert numbers["flickr_text"] < numbers["flickr_image"]
        assert numbers["coco_text"] < numbers["coco_image"] < numbers["flickr_image"]


def test_later_models_are_sorted_by_imagenet_which_does_not_sort_them_for_search():
    accuracies, recalls = (
        [one[column] for one in FOUND["later"].values()] for column in ("imagenet", "coco_text")
    )
    assert accuracies == sorted(accuracies)
    assert recalls != sorted(recalls)


def test_the_model_to_compare_with_has_the_same_numbers_twice():
    again, first = FOUND["later"]["OpenAI, ViT-B/32"], FOUND["models"]["ViT-B/32"]
    assert {name: again[name] for name in ("imagenet", "coco_text")} == {
        name: first[name] for name in ("imagenet", "coco_text")
    }


def test_two_hands_that_measured_one_model_come_within_two_points():
    for name, said in FOUND["paper"].items():
        for column, number in said.items():
            assert abs(number - FOUND["models"][name][column]) < 2


def test_each_photo_has_its_own_text_first_and_each_text_its_own_photo():
    cosines = np.array(FOUND["photos"]["cosines"])
    assert cosines.shape == (8, 8)
    assert (cosines.argmax(0) == np.arange(8)).all()
    assert (cosines.argmax(1) == np.arange(8)).all()


def test_a_line_is_worked_out_by_hand():
    found = {
        "models": {"A": dict.fromkeys(make_published.COLUMNS, 50.04)},
        "paper": {"A": {"imagenet": 51.0}},
        "later": {
            "B": {
                "parameters": 149.62,
                "vector": 512,
                "imagenet": 70.0,
                "coco_text": 42.31,
                "licence": "MIT",
            }
        },
        "photos": {
            "names": ["a", "b"],
            "texts": ["one", "two"],
            "cosines": [[0.5, 0.25], [0.125, 0.75]],
        },
    }
    assert make_published.models_table(found).splitlines()[-1] == (
        "| A | 50.0 (51.0) | 50.0 | 50.0 | 50.0 | 50.0 |"
    )
    assert make_published.later_table(found).splitlines()[-1] == (
        "| B | 150 | 512 | 70.0 | 42.3 | MIT |"
    )
    assert make_published.photos_table(found).splitlines()[2:] == [
        "| a | one | 0.50 | 0.12 |",
        "| b | two | 0.75 | 0.25 |",
    ]


def test_sources_have_a_title_and_an_address():
    assert set(FOUND["sources"]) == {"open_clip", "later", "licences", "paper", "notebook"}
    for source in FOUND["sources"].values():
        assert source["url"].startswith("https://")
        assert source["title"]
