"""Backdrops in town: a busy street, and one modern building.

They hold nothing that is itself a kind: no cars, no buses, no houses, no people, no signs.
"""

from mmcourse.world.looks.backdrops.shapes import CLOUD
from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.outlines import Box
from mmcourse.world.looks.tones import darker, lighter
from mmcourse.world.looks.variety import Variety
from mmcourse.world.scenes.vocabulary import RGB

GLASS: RGB = (186, 224, 244)
GLEAM: RGB = (226, 244, 252)
IRON: RGB = (70, 74, 84)
TOWERS: tuple[RGB, ...] = ((168, 172, 190), (192, 178, 172), (156, 172, 188), (184, 168, 176))
WALLS: tuple[RGB, ...] = ((212, 190, 166), (198, 178, 180), (178, 190, 182), (206, 196, 160))
AWNINGS: tuple[RGB, ...] = ((196, 92, 84), (84, 138, 134), (214, 168, 84), (112, 116, 164))
FACADES: tuple[RGB, ...] = ((96, 158, 192), (104, 150, 200), (92, 166, 178))
SIGNALS: tuple[RGB, ...] = ((236, 70, 60), (250, 190, 60), (90, 204, 110))
JOINT: RGB = (186, 186, 190)


def street(canvas: Canvas, variety: Variety) -> None:
    """Paint towers, shop fronts with awnings, a lamp, a traffic light and a crossing."""
    width = canvas.aspect
    canvas.gradient(0, 0.6, (156, 200, 234), (230, 238, 242))
    _skyline(canvas, variety)
    count = round(3 * width)
    for index in range(count):
        _shop(canvas, variety, index * width / count, (index + 1) * width / count)
    canvas.rectangle((0, 0.745, width, 0.79), (204, 202, 198))  # pavement
    canvas.rectangle((0, 0.785, width, 1.05), (104, 106, 116))  # road
    canvas.rectangle((0, 0.785, width, 0.797), (164, 164, 166), edge=False)  # kerb
    for index in range(round(7 * width)):  # crossing
        x = (index + 0.3) / 7
        stripe = [(x, 0.87), (x + 0.075, 0.87), (x + 0.065, 0.97), (x - 0.02, 0.97)]
        canvas.polygon(stripe, (206, 206, 204), edge=False)
    _street_lamp(canvas, variety.between(0.08, 0.4))
    _traffic_light(canvas, variety, width - variety.between(0.08, 0.4))


def _skyline(canvas: Canvas, variety: Variety) -> None:
    left = -0.02
    while left < canvas.aspect:
        wide, high = variety.between(0.14, 0.2), variety.between(0.12, 0.34)
        top, right = 0.5 - high, left + wide - 0.012
        canvas.rectangle((left, top, right, 0.75), variety.pick(TOWERS))
        for row in range(int(high / 0.08)):  # one row of windows to a floor
            y = top + 0.03 + 0.08 * row
            light = (250, 236, 176) if variety.chance(0.4) else (124, 138, 160)
            canvas.rectangle((left + 0.02, y, right - 0.023, y + 0.032), light, edge=False)
        left += wide


def _shop(canvas: Canvas, variety: Variety, left: float, right: float) -> None:
    wall, awning = variety.pick(WALLS), variety.pick(AWNINGS)
    canvas.rectangle((left, 0.48, right, 0.755), wall)
    canvas.rectangle((left, 0.48, right, 0.5), darker(wall, 0.2), edge=False)
    canvas.rectangle((left + 0.03, 0.6, right - 0.03, 0.735), GLASS)  # shop window
    gleam = [(left + 0.1, 0.6), (left + 0.17, 0.6), (left + 0.11, 0.735), (left + 0.04, 0.735)]
    canvas.polygon(gleam, GLEAM, edge=False)
    stripe = (right - left) / 6
    for index in range(6):
        x = left + index * stripe
        colour = (244, 240, 232) if index % 2 else awning
        canvas.rectangle((x, 0.55, x + stripe, 0.62), colour)


def _street_lamp(canvas: Canvas, x: float) -> None:
    canvas.line([(x, 0.78), (x, 0.33)], 0.014, IRON)
    canvas.line([(x, 0.33), (x + 0.07, 0.3)], 0.014, IRON)
    canvas.ellipse((x + 0.085, 0.312), (0.03, 0.016), (255, 240, 150))


def _traffic_light(canvas: Canvas, variety: Variety, x: float) -> None:
    canvas.line([(x, 0.78), (x, 0.5)], 0.014, IRON)
    canvas.rounded((x - 0.024, 0.37, x + 0.024, 0.51), 0.012, (52, 54, 62))
    shining = variety.pick(SIGNALS)
    for index, signal in enumerate(SIGNALS):
        colour = signal if signal == shining else (84, 86, 94)
        canvas.disc((x, 0.395 + 0.045 * index), 0.015, colour, edge=False)


def building(canvas: Canvas, variety: Variety) -> None:
    """Paint one modern building of glass and steel on a paved square."""
    width, middle = canvas.aspect, canvas.aspect / 2
    canvas.gradient(0, 0.78, (140, 194, 240), (228, 240, 248))
    cloud = (variety.pick((0.12, width - 0.12)), 0.16)
    canvas.ellipse(cloud, (0.13, 0.03), CLOUD, edge=False)
    canvas.rectangle((0, 0.76, width, 1.05), (206, 206, 208))  # square
    tint, top = variety.pick(FACADES), variety.between(-0.04, 0.08)
    _glass_block(canvas, (middle - 0.42, top, middle + 0.04, 0.77), tint, fall=-0.1)
    _glass_block(
        canvas, (middle - 0.02, 0.3, middle + 0.44, 0.77), lighter(tint, 0.2), fall=0.05
    )
    canvas.rectangle((middle - 0.46, 0.64, middle + 0.46, 0.665), (240, 242, 244))  # canopy
    for x in (-0.4, -0.2, 0.2, 0.4):  # its columns
        canvas.rectangle((middle + x - 0.008, 0.66, middle + x + 0.008, 0.77), (232, 234, 238))
    canvas.rectangle((middle - 0.1, 0.68, middle + 0.1, 0.77), (52, 84, 108))  # entrance
    canvas.line([(middle, 0.68), (middle, 0.77)], 0.01, (214, 222, 230))
    for y in (0.8, 0.87):  # joints of the paving
        canvas.rectangle((0, y, width, y + 0.006), JOINT, edge=False)
    for index in range(-5, 6):
        far, near = middle + 0.13 * index, middle + 0.24 * index
        canvas.polygon(
            [(far, 0.77), (far + 0.006, 0.77), (near + 0.008, 1), (near, 1)], JOINT, edge=False
        )


def _glass_block(canvas: Canvas, box: Box, tint: RGB, fall: float) -> None:
    """Paint a block of glass; its roof falls by `fall` from left to right."""
    left, top, right, bottom = box
    roof = [(left, top + max(-fall, 0)), (right, top + max(fall, 0))]
    canvas.polygon([*roof, (right, bottom), (left, bottom)], tint)
    third = (right - left) / 3
    shine = [(left + third, top + 0.1), (left + 1.7 * third, top + 0.08)]
    canvas.polygon(
        [*shine, (left + third, bottom), (left, bottom)], lighter(tint, 0.25), edge=False
    )
    steel, floors = lighter(tint, 0.55), int((bottom - top - 0.12) / 0.075)
    for floor in range(floors + 1):
        y = top + 0.12 + 0.075 * floor
        canvas.rectangle((left, y, right, y + 0.008), steel, edge=False)
    for column in range(1, 6):
        x = left + column * (right - left) / 6
        canvas.rectangle((x - 0.004, top + 0.11, x + 0.004, bottom), steel, edge=False)
