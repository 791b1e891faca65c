"""Where else the course runs: the files for it say what is true of the repository."""

import json
import re
import subprocess
import sys
import tomllib
from types import SimpleNamespace

import make_readme
import nbformat
import pytest
import yaml
from places import ROOT

OPENER = ROOT / "docs" / "colab.ipynb"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
URLS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"].get(
    "urls", {}
)


def opener():
    """Return the opener's cells of code by their ids."""
    cells = nbformat.read(OPENER, as_version=4).cells
    return {cell.id: cell.source for cell in cells if cell.cell_type == "code"}


def commands(workflow):
    """Return what a workflow types."""
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values()
    return "\n".join(step.get("run", "") for job in jobs for step in job["steps"])


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_scripts_tests_and_targets_that_there_are(workflow):
    typed = commands(workflow)
    named = re.findall(r"(?<![\w/])((?:scripts|tests)/[\w/.]+)", typed)
    assert [name for name in named if not (ROOT / name).exists()] == []
    targets = re.findall(r"\bmake ([\w-]+)", typed)
    known = " ".join(re.findall(r"^([\w -]+):", MAKEFILE, re.MULTILINE)).split()
    assert set(targets) - set(known) == set()
    assert named or targets or ".ci/run" in typed


def test_every_workflow_ends_by_itself_and_may_only_read():
    assert len(WORKFLOWS) > 3
    for workflow in WORKFLOWS:
        said = yaml.safe_load(workflow.read_text(encoding="utf-8"))
        assert said["permissions"].get("contents") == "read", workflow.name
        assert all("timeout-minutes" in job for job in said["jobs"].values()), workflow.name


def test_binder_installs_the_course_inside_its_pins_with_a_shell_that_reads_it():
    script = ROOT / ".binder" / "postBuild"
    text = script.read_text(encoding="utf-8")
    assert "--editable . --constraint constraints.txt" in text
    if sys.platform != "win32":
        assert script.stat().st_mode & 0o111, "repo2docker runs it as a program"
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0
    said = yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text(encoding="utf-8"))
    own = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert said["dependencies"][0] == own["dependencies"][0], "one Python for both"


def test_a_dev_container_sets_the_course_up():
    said = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert said["postCreateCommand"].endswith("make setup")
    settings = said["customizations"]["vscode"]["settings"]
    assert settings["python.defaultInterpreterPath"].endswith("/.venv/bin/python")


def test_the_opener_has_the_address_that_the_project_has_or_none():
    (address,) = re.findall(r'^ADDRESS = "(.*)"', opener()["choose"])
    assert address == URLS.get("Repository", "")


def test_the_opener_without_an_address_says_so():
    cells = opener()
    with pytest.raises(ValueError, match="Fill in ADDRESS above"):
        exec(cells["choose"].replace(URLS.get("Repository", "-"), "") + cells["fetch"], {})


def test_the_opener_hands_on_a_copy_that_installs_and_is_the_lesson_otherwise(
    tmp_path, monkeypatch
):
    handed = []
    files = SimpleNamespace(download=handed.append)
    monkeypatch.setitem(sys.modules, "google", SimpleNamespace(colab=None))
    monkeypatch.setitem(sys.modules, "google.colab", SimpleNamespace(files=files))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "course").symlink_to(ROOT)  # as if it had been fetched
    cells, names = opener(), {}
    for name in ("choose", "fetch", "copy", "download"):
        exec(cells[name], names)
        names["ADDRESS"] = "https://example.org/course.git"
    assert handed == ["02_cosine_similarity.ipynb"]
    copy, lesson = (
        nbformat.read(folder / handed[0], as_version=4)
        for folder in (tmp_path, ROOT / "notebooks")
    )
    nbformat.validate(copy)
    first, *rest = copy.cells
    assert "git clone --depth 1 https://example.org/course.git" in first.source
    assert [cell.source for cell in rest] == [cell.source for cell in lesson.cells]
    assert all(not cell.outputs for cell in rest if cell.cell_type == "code")


def test_links_elsewhere_wait_for_an_address(tmp_path):
    project = tmp_path / "pyproject.toml"
    project.write_text('[project]\nname = "a"\n')
    assert make_readme.badges(tmp_path) == ""
    project.write_text('[project.urls]\nRepository = "https://github.com/ada/course"\n')
    said = make_readme.badges(tmp_path)
    assert "mybinder.org/v2/gh/ada/course/HEAD" in said
    assert said.count("](https://") == len(make_readme.ELSEWHERE)
    project.write_text('[project.urls]\nDocumentation = "https://ada.org/course"\n')
    assert make_readme.badges(tmp_path).endswith("[pages](https://ada.org/course).")


def test_the_lessons_run_after_failed_tests_but_not_without_a_gpu():
    path = ROOT / ".github" / "workflows" / "gpu.yml"
    steps = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["cuda"]["steps"]
    (asks,) = [step for step in steps if step.get("id") == "gpu"]
    assert "torch.cuda" in asks["run"]
    assert steps[-1]["if"] == "${{ !cancelled() && steps.gpu.outcome == 'success' }}"


def test_a_release_is_made_by_a_pushed_tag_alone():
    path = ROOT / ".github" / "workflows" / "release.yml"
    job = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]["release"]
    assert job["if"] == "github.event_name == 'push' && github.ref_type == 'tag'"


def test_pages_are_published_from_main_alone_once_switched_on_and_never_cut_off():
    path = ROOT / ".github" / "workflows" / "pages.yml"
    said = yaml.safe_load(path.read_text(encoding="utf-8"))
    publish = said["jobs"]["publish"]
    assert publish["if"] == "github.ref == 'refs/heads/main' && vars.PAGES == 'on'"
    assert publish["concurrency"] == {"group": "pages", "cancel-in-progress": False}
    others = [said, *(job for name, job in said["jobs"].items() if name != "publish")]
    assert all("concurrency" not in one for one in others), "the check of links would wait"
