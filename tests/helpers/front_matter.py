"""Lessons that are nothing but their front matter."""

import json

FRONT = {
    "title": "Angles",
    "summary": "How close two arrows are",
    "minutes": 45,
    "seconds": 10,
    "challenge": "representation",
    "prerequisites": [],
}


def write_lesson(folder, name, front):
    (folder / "notebooks").mkdir(exist_ok=True)
    notebook = {
        "cells": [],
        "metadata": {"mmcourse": front},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "notebooks" / name
    path.write_text(json.dumps(notebook))
    return path
