"""A chart that grows: drawn in place, seldom, and once more at the end."""

import nbformat
import numpy as np
import pytest
import torch
from nbclient import NotebookClient

from mmcourse import plots
from mmcourse.plots import figure, live


@pytest.fixture
def outputs(monkeypatch):
    """Return a list that collects (data, metadata, where) of each output."""
    kept = []

    def publish(data, metadata=None, **where):
        kept.append((data, metadata, where))

    monkeypatch.setattr(figure, "publish_display_data", publish)
    return kept


@pytest.fixture
def clock(monkeypatch):
    """Return seconds to set: what the chart takes for the time."""
    now = [0.0]
    monkeypatch.setattr(live, "perf_counter", lambda: now[0])
    return now


def chart(**more):
    return plots.live_lines(title="The loss falls", xlabel="step", ylabel="loss, nats", **more)


def test_every_drawing_takes_the_place_of_the_one_before(outputs, clock):
    curve = chart(every=3)
    for step in range(7):
        curve.add(step, loss=1 / (step + 1))
    assert len(outputs) == 3, "steps 0, 3 and 6"
    names = {where["transient"]["display_id"] for *_, where in outputs}
    assert len(names) == 1
    assert [where["update"] for *_, where in outputs] == [False, True, True]
    curve.finish()
    assert [where.get("update") for *_, where in outputs[3:]] == [True, None]


def test_the_rough_pictures_are_as_large_on_the_page_as_the_last(outputs):
    curve = chart()
    curve.add(0, loss=1)
    curve.finish()
    sizes = [known["image/png"] for _, known, _ in outputs if known]
    assert [(one["width"], one["height"]) for one in sizes] == [(740, 360)] * 2


def test_drawing_waits_where_it_takes_too_much_of_the_time(outputs, clock, monkeypatch):
    def slowly(self):
        clock[0] += 1
        return {"image/png": b""}, {}

    monkeypatch.setattr(live.LiveLines, "_rough", slowly)
    curve = chart(every=1)
    for step in range(100):
        clock[0] += 0.5
        curve.add(step, loss=1)
    assert len(outputs) in (5, 6), "a second each of about 55"


def test_what_is_kept_says_chance_the_ends_and_the_numbers(outputs):
    curve = chart(chance=2, every=100)
    for step in range(3):
        curve.add(step, loss=torch.tensor(3.0 - step, requires_grad=True))
    curve.add(2, **{"test loss": np.float64(1.5)})
    curve.finish()
    (_, known, _), (below, _, _) = outputs[-2:]
    assert known["image/png"]["alt"] == (
        "The loss falls. Lines of loss, nats against step: loss: 3 at 0, 1 at 2; "
        "test loss: 1.5 at 2. Chance is 2."
    )
    assert below["text/html"].startswith("<p><em>Lines of loss, nats against step.</em></p>")
    assert "<tr><th>0</th><td>3</td><td>–</td></tr>" in below["text/html"]


def test_a_number_that_is_none_leaves_a_gap(outputs):
    curve = chart()
    for step, loss in enumerate([2, np.nan, 1]):
        curve.add(step, loss=loss)
    curve.finish()
    assert outputs[-2][1]["image/png"]["alt"].endswith("loss: 2 at 0, 1 at 2.")


@pytest.mark.slow
def test_a_saved_notebook_holds_one_picture():
    source = (
        "from mmcourse import plots\n"
        "curve = plots.live_lines(title='T', xlabel='step', ylabel='loss', every=1)\n"
        "for step in range(3):\n"
        "    curve.add(step, loss=3 - step)\n"
        "curve.finish()"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    picture, caption = notebook.cells[0].outputs
    assert picture.metadata["image/png"]["alt"].endswith("loss: 3 at 0, 1 at 2.")
    assert "display_id" not in str(picture.get("transient", ""))
    assert caption.data["text/plain"] == "Lines of loss against step."


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chart(every=0), "every must be a whole number of at least 1; got 0"),
        (lambda: chart(chance=np.inf), "chance must be a finite number; got inf"),
        (lambda: chart().add(0), r"add needs a number, such as add\(step, loss=2.3\)"),
        (lambda: chart().add(np.nan, loss=1), "x must be a finite number; got nan"),
        (lambda: chart().add(0, loss=[1, 2]), r"loss must be one number; got shape \(2,\)"),
        (lambda: chart().finish(), "finish needs something to draw"),
    ],
    ids=range(6),
)
def test_wrong_inputs_are_named(call, message):
    with pytest.raises(ValueError, match=f"^live_lines: .*{message}"):
        call()
