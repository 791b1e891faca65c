"""Two exercises that exist only to be graded: one on numpy alone, one on torch."""

import numpy as np

from classroom.checks.question import Case, Exercise, Property, Question


def unit_rows(a):
    length = np.sqrt((a * a).sum(axis=1, keepdims=True))
    return a / np.where(length == 0, 1, length)


def softmax(x):
    power = np.exp(x - x.max(axis=-1, keepdims=True))
    return power / power.sum(axis=-1, keepdims=True)


def shown(*arguments):
    return Property(
        name="the example",
        points=0,
        cases=lambda rng: [Case(label="example", arguments=arguments, visible=True)],
    )


def hidden(name, points, *draws):
    def cases(rng):
        return [
            Case(label=f"{name} {at}", arguments=draw(rng), visible=False)
            for at, draw in enumerate(draws)
        ]

    return Property(name=name, points=points, cases=cases)


def question(number, function, reference, *properties, harness=None, measure=None):
    return Question(
        number=number,
        function=function,
        reference=reference,
        properties=properties,
        mistakes=(),
        rtol=1e-5,
        atol=1e-6,
        harness=harness,
        measure=measure,
    )


NUMPY = Exercise(
    name="90_numbers",
    questions=(
        question(
            "90.1",
            "unit_rows",
            unit_rows,
            shown(np.array([[3.0, 4.0]])),
            hidden(
                "any shape",
                3,
                lambda rng: (rng.normal(size=(3, 5)),),
                lambda rng: (rng.normal(size=(7, 2)),),
            ),
            hidden(
                "zero rows stay",
                1,
                lambda rng: (rng.normal(size=(5, 3)) * [[0], [1], [0], [1], [1]],),
            ),
        ),
        question(
            "90.2",
            "softmax",
            softmax,
            shown(np.array([0.0, 0.0])),
            hidden("rows sum to 1", 2, lambda rng: (rng.normal(size=(5, 7)),)),
            hidden("large numbers", 2, lambda rng: (rng.normal(size=(3, 4)) * 1e4,)),
        ),
    ),
    modules=("numpy",),
)


def pooled(x, mask):
    return (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


class Doubling:
    """The reference of the question that asks for a class; torch is not needed to say it."""

    def __init__(self, width):
        self.width = width

    def __call__(self, x):
        return x * 2 + self.width


def use_class(answer, x):
    return answer(x.shape[-1])(x)


def tensor(rng, *shape):
    import torch

    return torch.from_numpy(rng.normal(size=shape).astype(np.float32))


def mask(rng, *shape):
    import torch

    kept = rng.random(shape) < 0.6
    kept[:, 0] = True
    return torch.from_numpy(kept.astype(np.float32))


TORCH = Exercise(
    name="91_tensors",
    questions=(
        question(
            "91.1",
            "pooled",
            pooled,
            hidden("masks", 3, lambda rng: (tensor(rng, 3, 5, 7), mask(rng, 3, 5))),
        ),
        question(
            "91.2",
            "Doubling",
            Doubling,
            hidden("any width", 2, lambda rng: (tensor(rng, 3, 5),)),
            harness=use_class,
        ),
    ),
    modules=("numpy", "torch", "math"),
)

UNIT_ROWS = """def unit_rows(a):
    length = np.sqrt((a * a).sum(axis=1, keepdims=True))
    return a / np.where(length == 0, 1, length)
"""
SOFTMAX = """def softmax(x):
    x = x - x.max(axis=-1, keepdims=True)
    return np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True)
"""
ZEROS = "def softmax(x):\n    return np.zeros_like(x)\n"
IMPORTS = "import numpy as np\nfrom classroom import check\n"
OLD_IMPORTS = IMPORTS.replace("classroom", "mmcourse.checks")
RIGHT = (IMPORTS, UNIT_ROWS, 'check("90.1", unit_rows)', SOFTMAX, 'check("90.2", softmax)')
HALF = (IMPORTS, UNIT_ROWS, ZEROS)
FULL_POINTS, HALF_POINTS = 8.0, 4.0

RIGHT_TORCH = (
    "import torch\nimport math\n",
    "def pooled(x, mask):\n    w = mask / mask.sum(1, keepdim=True)\n"
    "    return torch.einsum('ntd,nt->nd', x, w)\n",
    "class Doubling(torch.nn.Module):\n    def __init__(self, width):\n"
    "        super().__init__()\n        self.width = width\n"
    "    def forward(self, x):\n        return x * 2 + self.width\n",
)
