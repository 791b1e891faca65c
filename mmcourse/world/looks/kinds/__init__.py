"""How each kind of thing is drawn: one function a kind, in a frame from -1 to 1."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mmcourse.world.looks.canvas import Canvas
from mmcourse.world.looks.kinds.built import crane_machine, house, sign, umbrella
from mmcourse.world.looks.kinds.cat import cat
from mmcourse.world.looks.kinds.dog import dog
from mmcourse.world.looks.kinds.flying import balloon, plane, rocket
from mmcourse.world.looks.kinds.parts import Model
from mmcourse.world.looks.kinds.people import person
from mmcourse.world.looks.kinds.plants import flower, mushroom, tree
from mmcourse.world.looks.kinds.rabbit import rabbit
from mmcourse.world.looks.kinds.vehicles import boat, bus, car
from mmcourse.world.looks.kinds.wild import bird, butterfly, crane_bird, fish

DRAWINGS: Mapping[str, Callable[[Canvas, Model], None]] = MappingProxyType(
    {
        "cat": cat,
        "dog": dog,
        "rabbit": rabbit,
        "bird": bird,
        "crane_bird": crane_bird,
        "fish": fish,
        "butterfly": butterfly,
        "car": car,
        "bus": bus,
        "crane_machine": crane_machine,
        "boat": boat,
        "plane": plane,
        "rocket": rocket,
        "tree": tree,
        "flower": flower,
        "mushroom": mushroom,
        "house": house,
        "person": person,
        "balloon": balloon,
        "umbrella": umbrella,
        "sign": sign,
    }
)
