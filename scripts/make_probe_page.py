"""Write docs/probe.md: what every shipped model can tell, and what it must guess.

The numbers are kept in docs/probe.json, with the SHA-256 of the weights that they are of; only
models that are new there, or others than they were, are asked again, some minutes each.

usage: python scripts/make_probe_page.py
"""

import json
import sys
from typing import Any

from lessons import ROOT

from mmcourse import clip
from mmcourse.checkpoints import manifest
from mmcourse.probe import probe
from mmcourse.probe.page import figure, markdown
from mmcourse.probe.rows import Findings

DATA, PAGE, PICTURE = (ROOT / "docs" / f"probe.{ending}" for ending in ("json", "md", "png"))


def data() -> dict[str, Any]:
    """Return what is kept of each model, by name."""
    return json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {}


def page(kept: dict[str, Any]) -> tuple[str, bytes]:
    """Return the page and its figure."""
    models = {name: Findings.from_data(one["found"]) for name, one in kept.items()}
    picture, alt = figure(models)
    return markdown(models, PICTURE.name, alt), picture


def fresh(kept: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept, after asking the models that it does not hold as they are."""
    found = {}
    for name, entry in manifest("CLIP").items():
        found[name] = kept.get(name)
        if found[name] is None or found[name]["sha256"] != entry.sha256:
            print(f"{name}: some minutes …", flush=True)
            answers = probe(clip.load(name, "cpu")[0], told=print)
            found[name] = {"sha256": entry.sha256, "found": answers.as_data()}
    return found


def main() -> int:
    """Ask what is new, and write data, page and figure."""
    kept = fresh(data())
    text, picture = page(kept)
    DATA.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(text, encoding="utf-8")
    PICTURE.write_bytes(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
