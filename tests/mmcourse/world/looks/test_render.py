"""Pictures and masks of the drawn world.

`pictures.json` holds the sha256 of the pictures of `golden_scenes`. After a change that
is meant to alter pictures, look at them, then write the file anew, in this folder:
`PYTHONPATH=../../../helpers python test_render.py > pictures.json`.
"""

import json
import sys
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from by_hand import scene_of

from mmcourse.world import (
    COLOURS,
    KINDS,
    SCENES,
    SIGN_WORDS,
    STYLES,
    Thing,
    sample_scene,
)
from mmcourse.world.looks.render import masks, render
from mmcourse.world.looks.styles import noisy

GOLDEN = Path(__file__).with_name("pictures.json")
NAMES = list(COLOURS)
POSED = [(kind, pose) for kind in KINDS for pose in KINDS[kind].poses]
WHOLE = "size must be a whole number of pixels;"
HERE = Thing(kind="cat", colour="orange", size=0.3, position=(0.5, 0.6), pose="sitting")


def thing(kind, pose=None, **how):
    how = {"colour": "red", "size": 0.3, "position": (0.5, 0.55), "look": 11} | how
    pose = KINDS[kind].poses[0] if pose is None else pose
    return Thing(kind=kind, pose=pose, word="zoo" if kind == "sign" else "", **how)


def repainted(scene, index, colour):
    objects = list(scene.objects)
    objects[index] = replace(objects[index], colour=colour)
    return replace(scene, objects=tuple(objects))


def grown(mask):
    """Return the mask with a one-pixel rim."""
    padded, (height, width) = np.pad(mask, 1), mask.shape
    moved = [padded[i : i + height, j : j + width] for i in range(3) for j in range(3)]
    return np.any(moved, axis=0)


def changed(first, second):
    return (first != second).any(axis=2)


def golden_scenes():
    """Return (name, scene, size): all kinds, settings and styles, wide, faded, half hidden."""
    settings = list(SCENES)
    for row, (kind, second) in enumerate(zip(KINDS, [*list(KINDS)[7:], *KINDS], strict=False)):
        homes = [
            name for name in settings[row % 13 :] + settings if name not in KINDS[kind].avoids
        ]
        pose = KINDS[kind].poses[row % len(KINDS[kind].poses)]
        first = thing(kind, pose, colour=NAMES[row % 11], position=(0.3, 0.6), look=row)
        if row % 5 == 1:
            first = replace(first, contrast=0.3)
        if row % 5 == 3:
            first = replace(first, cover=0.5)
        other = thing(second, colour=NAMES[(row + 4) % 11], position=(0.75, 0.7), facing="left")
        drawn = scene_of(
            first,
            replace(other, size=0.17),
            setting=homes[0],
            style=STYLES[row % 3],
            aspect=(1.0, 1.0, 1.8)[row // 2 % 3],
            look=1000 + row,
        )
        yield f"{kind} in {homes[0]}", drawn, 224 if row % 4 == 2 else 64
    for row, setting in enumerate(settings):
        yield f"{setting} alone", scene_of(setting=setting, look=row, aspect=1.5), 48
    for size, setting in ((64, "night"), (200, "beach")):
        seen = scene_of(HERE, setting=setting, style="night-camera", aspect=1.3, look=size)
        yield f"{setting} by night camera", seen, size


def digests():
    return {
        name: sha256(render(drawn, size).tobytes()).hexdigest()
        for name, drawn, size in golden_scenes()
    }


@cache
def sampled(split, count, seed):
    rng = np.random.default_rng(seed)
    return [sample_scene(rng, split=split) for _ in range(count)]


# What the picture is


def test_pictures_have_their_golden_hashes():
    assert digests() == json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_golden_pictures_show_every_kind_setting_and_style():
    drawn = [scene for _, scene, _ in golden_scenes()]
    assert {scene.setting for scene in drawn} == set(SCENES)
    assert {scene.style for scene in drawn} == set(STYLES)
    assert {thing.kind for scene in drawn for thing in scene.objects} == set(KINDS)


@pytest.mark.parametrize("size", [16, 37, 64, 129, 512])
@pytest.mark.parametrize("aspect", [1.0, 1.37])
def test_picture_is_as_high_as_asked_and_as_wide_as_its_scene(size, aspect):
    drawn = scene_of(HERE, aspect=aspect)
    assert render(drawn, size).shape == (size, round(size * aspect), 3)
    assert masks(drawn, size).shape == (1, size, round(size * aspect))


def test_pictures_at_two_sizes_show_the_same_thing():
    drawn = sampled("train", 12, 3)
    for each in drawn:
        small = render(each, 64).astype(float)
        large = render(each, 512).reshape(64, 8, 64, 8, 3).mean(axis=(1, 3))
        # lines are at least a pixel wide, so the small one differs along thin lines
        assert np.abs(small - large).mean() < 6


def test_equal_scenes_give_equal_pictures():
    for each in sampled("train", 5, 1):
        assert np.array_equal(render(each), render(replace(each, look=each.look)))


def test_look_changes_the_backdrop_of_every_setting():
    for setting in SCENES:
        pictures = {render(scene_of(setting=setting, look=look)).tobytes() for look in range(6)}
        assert len(pictures) >= 4, setting


def test_styles_differ_and_none_takes_the_scenes_own():
    drawn = scene_of(HERE, setting="meadow", style="sketch")
    pictures = {style: render(drawn, style=style) for style in STYLES}
    assert np.array_equal(render(drawn), pictures["sketch"])
    assert len({picture.tobytes() for picture in pictures.values()}) == len(STYLES)
    spread = {style: picture.std() for style, picture in pictures.items()}
    assert spread["washed-out"] < 0.6 * spread["flat"]
    chroma = {style: np.ptp(picture, axis=2).mean() for style, picture in pictures.items()}
    assert chroma["sketch"] < 0.35 * chroma["flat"]
    assert pictures["night-camera"].mean() < 0.6 * pictures["flat"].mean()
    assert spread["night-camera"] < 0.6 * spread["flat"]


def test_a_night_camera_is_noisy_with_dark_corners():
    seen = [
        render(scene_of(look=look, style="night-camera"), 128).astype(int) for look in (1, 2)
    ]
    smooth = [picture[..., 1].reshape(8, 16, 8, 16).mean(axis=(1, 3)) for picture in seen]
    for blocks in smooth:
        assert blocks[[0, 0, -1, -1], [0, -1, 0, -1]].max() < 0.65 * blocks[3:5, 3:5].min()
    # what is left within a block is noise, paper, and a little vignette
    assert min(picture[56:72, 56:72, 1].std() for picture in seen) > 3


def test_every_look_has_noise_of_its_own():
    grey = np.full((64, 64, 3), 100, np.uint8)
    first, second = (noisy(grey, 16, look)[..., 0].ravel() for look in (1, 2))
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.1


@pytest.mark.parametrize(("height", "width"), [(16, 21), (64, 64), (100, 130), (224, 224)])
def test_noise_is_even_bounded_and_as_coarse_as_the_sensor(height, width):
    grey = np.full((height, width, 3), 100, np.uint8)
    seen = noisy(grey, 16, -7).astype(int) - 100
    assert seen.shape == grey.shape
    assert abs(seen).max() <= 16
    assert abs(seen.mean()) < 1
    assert np.array_equal(seen, noisy(grey, 16, 7).astype(int) - 100)
    assert (np.ptp(seen, axis=2) == 0).all()
    cell = max(1, height // 64)
    assert (seen[:cell, :cell] == seen[0, 0]).all()
    assert len(np.unique(seen[::cell, ::cell])) > 15


def test_an_edge_of_the_range_stops_noise():
    ends = np.array([[[0, 0, 0]] * 40, [[255, 255, 255]] * 40], np.uint8)
    seen = noisy(ends, 16, 3)
    assert seen[0].max() <= 16
    assert seen[1].min() >= 239


def test_order_of_the_objects_does_not_matter():
    for each in sampled("train", 12, 2):
        turned = replace(each, objects=each.objects[::-1])
        assert np.array_equal(render(each), render(turned))
        assert np.array_equal(masks(each)[::-1], masks(turned))


@pytest.mark.parametrize(("kind", "pose"), POSED)
def test_things_face_the_other_way_as_in_a_mirror(kind, pose):
    right, left = (
        masks(scene_of(thing(kind, pose, facing=way)), 200)[0] for way in ("right", "left")
    )
    overlap = (right & left[:, ::-1]).sum() / (right | left[:, ::-1]).sum()
    assert overlap > 0.9  # what flies is tilted by up to 4 degrees, the same way on both sides


def test_words_are_never_mirrored_and_tell_signs_apart():
    sign = thing("sign", size=0.4)
    assert np.array_equal(
        render(scene_of(sign)), render(scene_of(replace(sign, facing="left")))
    )
    pictures = {render(scene_of(replace(sign, word=word))).tobytes() for word in SIGN_WORDS}
    assert len(pictures) == len(SIGN_WORDS)


# What belongs to an object


def mostly(kind_colour, pixels):
    """Return the share of pixels whose nearest named colour is the given one."""
    table = np.array(list(COLOURS.values()))
    distance = ((pixels[:, None].astype(int) - table) ** 2).sum(axis=2)
    return (distance.argmin(axis=1) == NAMES.index(kind_colour)).mean()


@pytest.mark.parametrize(("kind", "pose"), POSED)
def test_colour_is_the_one_that_its_name_says(kind, pose):
    for colour in NAMES:
        drawn = scene_of(thing(kind, pose, colour=colour, size=0.4))
        own = mostly(colour, render(drawn, 96)[masks(drawn, 96)[0]])
        assert own > 0.25, colour  # the rest is shade, eyes, wheels, trousers, leaves


@pytest.mark.parametrize(("kind", "pose"), POSED)
def test_things_fill_their_frame_and_stand_on_their_feet(kind, pose):
    size, (x, y) = 0.4, (0.5, 0.5)
    rows, columns = np.nonzero(
        masks(scene_of(thing(kind, pose, size=size, position=(x, y))), 200)[0]
    )
    left, right = (columns.min() / 200 - x) / size, ((columns.max() + 1) / 200 - x) / size
    top, bottom = (rows.min() / 200 - y) / size, ((rows.max() + 1) / 200 - y) / size
    assert left > -1.15
    assert right < 1.15
    assert top > -1.15
    assert bottom < 1.1
    assert max(bottom - top, (right - left) * 0.9) > 1.5  # long low sleepers count by length
    if pose not in KINDS[kind].airborne:
        assert bottom > 0.85


@pytest.mark.parametrize("size", [64, 224])
def test_repainting_an_object_changes_its_mask_and_a_one_pixel_rim(size):
    chosen = sampled("train", 40 if size == 64 else 15, 4)
    chosen += [scene_of(thing(kind, pose), setting="plain") for kind, pose in POSED]
    for number, flat in enumerate(chosen):
        each = replace(flat, style=STYLES[number % len(STYLES)])
        picture, mask = render(each, size), masks(each, size)
        for index, painted in enumerate(each.objects):
            colour = NAMES[(NAMES.index(painted.colour) + 1 + number % 9) % 11]
            other = repainted(each, index, colour)
            assert np.array_equal(masks(other, size), mask)
            moved = changed(picture, render(other, size))
            assert not (moved & ~grown(mask[index])).any(), f"{index} of {each}"
            assert moved[mask[index]].mean() > 0.25, f"{index} of {each}"


@pytest.mark.parametrize(("kind", "pose"), POSED)
def test_mask_is_where_the_picture_changes_when_the_object_is_taken_away(kind, pose):
    # on plain paper nothing throws a shadow
    drawn = scene_of(thing(kind, pose, colour="purple"), look=4)
    moved = changed(render(drawn), render(replace(drawn, objects=())))
    mask = masks(drawn)[0]
    assert not (moved & ~grown(mask)).any()
    assert moved[mask].mean() > 0.97  # a window may happen to have the colour of the paper


def test_backdrop_is_the_same_whatever_stands_before_it():
    for setting in SCENES:
        for drawn in (each for each in sampled("train", 90, 5) if each.setting == setting):
            near = np.zeros((64, 64), bool)
            for each in drawn.objects:
                reach = 1.4 * each.size
                left, top = (max(0, int(64 * (p - reach))) for p in each.position)
                right, bottom = (int(64 * (p + reach)) + 1 for p in each.position)
                near[top:bottom, left:right] = True
            empty = render(replace(drawn, objects=()))
            assert not changed(render(drawn), empty)[~near].any(), drawn


def test_every_pixel_belongs_to_one_object_at_most():
    for split in ("train", "hard"):
        for each in sampled(split, 60, 6):
            assert masks(each).sum(axis=0).max() <= 1


def test_what_stands_nearer_hides_what_stands_farther():
    far = thing("house", colour="green", size=0.3, position=(0.45, 0.5))
    near = thing("car", colour="red", size=0.3, position=(0.6, 0.62))
    both, alone = masks(scene_of(near, far)), masks(scene_of(far))
    assert np.array_equal(both[0], masks(scene_of(near))[0])
    hidden = alone[0] & ~both[1]
    assert hidden.sum() > 50
    assert not (hidden & ~grown(both[0])).any()


def test_masks_know_neither_colour_nor_style_nor_contrast():
    drawn = sampled("hard", 30, 7)
    for each in drawn:
        plainer = tuple(replace(t, colour="grey", contrast=1.0) for t in each.objects)
        other = replace(each, objects=plainer, style="sketch")
        assert np.array_equal(masks(each), masks(other))


@pytest.mark.parametrize("setting", list(SCENES))
def test_cover_hides_its_share_from_the_feet_up(setting):
    kind = next(kind for kind in ("umbrella", "bird") if setting not in KINDS[kind].avoids)
    whole = thing(kind, size=0.3, position=(0.5, 0.5))
    open_mask = masks(scene_of(whole, setting=setting), 100)[0]
    half = masks(scene_of(replace(whole, cover=0.5), setting=setting), 100)[0]
    assert not half[56:].any()  # feet at 80, half of 60 hidden, its top uneven by a tenth
    assert np.array_equal(half[:45], open_mask[:45])
    assert half.any()


@pytest.mark.parametrize(("kind", "pose"), POSED)
def test_the_deepest_cover_hides_much_and_leaves_a_quarter(kind, pose):
    whole = thing(kind, pose, size=0.3, position=(0.5, 0.5))
    open_mask = masks(scene_of(whole), 128)[0]
    seen = masks(scene_of(replace(whole, cover=0.6)), 128)[0]
    assert 0.25 < seen.sum() / open_mask.sum() < 0.95
    rows = np.nonzero(seen)[0]
    top = np.nonzero(open_mask)[0].min()
    assert rows.min() == top  # the upper end stays in sight


def test_what_a_cover_leaves_can_be_seen():
    covered = 0
    for each in sampled("hard", 300, 8):
        bare = tuple(replace(t, cover=0.0) for t in each.objects)
        seen = masks(each, 128).sum(axis=(1, 2))
        whole = masks(replace(each, objects=bare), 128).sum(axis=(1, 2))
        covered += (seen < whole).sum()
        assert (seen >= 0.25 * whole).all(), each
        assert (seen >= 8).all(), each
    assert covered > 50


@pytest.mark.parametrize("whole", [np.int64, np.uint16])
def test_sizes_of_numpy_are_sizes(whole):
    assert np.array_equal(render(scene_of(HERE), whole(37)), render(scene_of(HERE), 37))
    assert np.array_equal(masks(scene_of(HERE), whole(37)), masks(scene_of(HERE), 37))


def test_boats_sit_in_the_water():
    boat = thing("boat", size=0.3, position=(0.5, 0.5))
    at_sea, on_paper = (masks(scene_of(boat, setting=s), 100)[0] for s in ("sea", "plain"))
    assert np.array_equal(at_sea[:70], on_paper[:70])
    assert not at_sea[77:].any()
    assert on_paper[77:].any()


def test_faded_things_are_mixed_with_what_is_behind_them():
    each = thing("dog", colour="blue", size=0.35)
    for setting in ("meadow", "night"):
        behind = render(scene_of(setting=setting)).astype(float)
        full = render(scene_of(each, setting=setting)).astype(float)
        faded = render(scene_of(replace(each, contrast=0.3), setting=setting)).astype(float)
        # rounded once at every fine pixel and once in their mean
        assert np.abs(faded - (behind + 0.3 * (full - behind))).max() <= 2


def test_shadows_lie_under_what_stands_and_not_under_what_flies():
    for pose, wanted in (("perched", True), ("flying", False)):
        each = thing("bird", pose, size=0.2, position=(0.5, 0.7))
        drawn = scene_of(each, setting="beach")
        moved = changed(render(drawn, 128), render(replace(drawn, objects=()), 128))
        shadow = moved & ~grown(masks(drawn, 128)[0])
        assert shadow.any() == wanted


@pytest.mark.parametrize(("setting", "colour"), [("night", "black"), ("snow", "white")])
def test_what_is_dark_at_night_or_white_in_snow_has_a_rim(setting, colour):
    for kind in ("dog", "bird", "car", "umbrella"):
        drawn = scene_of(thing(kind, colour=colour, position=(0.5, 0.65)), setting=setting)
        picture = render(drawn, 128).astype(int)
        empty = render(replace(drawn, objects=()), 128).astype(int)
        mask = masks(drawn, 128)[0]
        upper = np.arange(128)[:, None] < 90  # above the shadow
        rim = grown(mask) & ~mask & upper
        assert np.abs(picture - empty)[rim].mean() > 20, kind


# What is refused


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("call", [render, masks])
@pytest.mark.parametrize(
    ("size", "error", "words"),
    [
        (3, ValueError, "size must be from 16 to 2048 pixels; got 3; pass a larger one."),
        (
            2049,
            ValueError,
            "size must be from 16 to 2048 pixels; got 2049; pass a smaller one.",
        ),
        (64.0, TypeError, f"{WHOLE} got 64.0; pass an integer, such as 64."),
        (True, TypeError, f"{WHOLE} got True; pass an integer, such as 64."),
        ("64", TypeError, f"{WHOLE} got '64'; pass an integer, such as 64."),
        (np.bool_(1), TypeError, f"{WHOLE} got np.True_; pass an integer, such as 64."),
        (
            np.array([64, 65]),
            TypeError,
            f"{WHOLE} got array([64, 65]); pass an integer, such as 64.",
        ),
    ],
)
def test_impossible_sizes_are_refused(call, size, error, words):
    with pytest.raises(error) as caught:
        call(scene_of(HERE), size)
    assert str(caught.value) == f"{call.__name__}: {words}"


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("call", [render, masks])
def test_something_else_than_a_scene_is_refused(call):
    with pytest.raises(TypeError, match="scene must be a Scene; got dict"):
        call({"setting": "plain"})


def test_unknown_style_is_refused():
    expected = r"^render: style must be None or one of 'flat', .*; got {}; leave it out .*$"
    with pytest.raises(ValueError, match=expected.format("'oil'")):
        render(scene_of(HERE), style="oil")


@pytest.mark.usefixtures("unchecked")
def test_style_that_is_no_string_is_refused():
    with pytest.raises(ValueError, match=r"^render: style must be None or .*; got \[\]; leave"):
        render(scene_of(HERE), style=[])


if __name__ == "__main__":
    sys.stdout.write(json.dumps(digests(), indent=1) + "\n")
