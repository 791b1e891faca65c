"""Make submissions: notebooks of given cells, and folders of students."""

import json


def notebook(*sources, **changes):
    """Return the bytes of a notebook whose code cells have these sources."""
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{index}",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        for index, source in enumerate(sources)
    ]
    whole = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps({**whole, **changes}).encode()


def text_cell(source, name=None):
    """Return a text cell; `name` is its id, as it was handed out."""
    return {
        "cell_type": "markdown",
        "metadata": {},
        "source": source,
        **({"id": name} if name else {}),
    }


def with_texts(code, *texts):
    """Return the bytes of a notebook: code cells of these sources, then text cells."""
    cells = json.loads(notebook(*code))["cells"]
    return notebook(cells=[*cells, *texts])


def hand_in(folder, student, exercise, content):
    """Write a student's notebook below a folder of submissions; return its path."""
    path = folder / student / f"{exercise}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
