"""Exercise 09: a search, how good it is, a folder of photos, many of them, an index kept."""

from classroom.checks.ex09_retrieval.ask_folder import ASK_FOLDER
from classroom.checks.ex09_retrieval.image_search import IMAGE_SEARCH
from classroom.checks.ex09_retrieval.inverted_file import INVERTED_FILE
from classroom.checks.ex09_retrieval.recall_at_k import RECALL_AT_K
from classroom.checks.ex09_retrieval.search_folder import SEARCH_FOLDER
from classroom.checks.question import Exercise

EXERCISE = Exercise(
    name="09_retrieval",
    questions=(IMAGE_SEARCH, RECALL_AT_K, SEARCH_FOLDER, INVERTED_FILE, ASK_FOLDER),
    modules=(
        "dataclasses",
        "glob",
        "hashlib",
        "json",
        "math",
        "os",
        "pathlib",
        "numpy",
        "torch",
        "PIL",
        "mmcourse.clip",
    ),
    data=("mmcourse/weights/tiny.safetensors", "mmcourse/weights/manifest.toml"),
)
