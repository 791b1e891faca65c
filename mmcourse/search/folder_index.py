"""The index of a folder, for the commands that search one or make one."""

from os.path import realpath
from pathlib import Path
from time import sleep

from mmcourse.clip import CLIP, Preprocess, available_models
from mmcourse.retrieval import DamagedIndexError, Index, default_path
from mmcourse.retrieval.album.cluster import make_on
from mmcourse.retrieval.album.encode import encoder
from mmcourse.retrieval.album.sources import gather
from mmcourse.search.options import DTYPES, Options, is_inside
from mmcourse.terminal import FURTHER, on_terminal, say

PAUSE = 1.0
"""Seconds between two looks at whether another search is done with the index."""


def place_of(options: Options) -> Path:
    """Return where the index is kept."""
    if options.index is not None:
        return options.index
    path = default_path(options.folder, model_name(options))
    if is_inside(path, options.folder):
        raise ValueError(
            f"{options.command}: nothing is written into FOLDER; got {options.folder}, which "
            f"holds your cache folder, {path.parent}, too; pass --index with a file elsewhere."
        )
    return path


def model_name(options: Options) -> str:
    """Return what an index calls the model: its name, or the whole path of its file."""
    known = options.model in available_models()
    name = options.model if known else realpath(options.model)
    return name if options.dtype == DTYPES[0] else f"{name} {options.dtype}"


def index_of(options: Options, path: Path, model: CLIP, preprocess: Preprocess) -> Index:
    """Return the index of the folder as it is now; what is known of it is taken over."""
    try:
        index = _in_turn(options, path, model, preprocess)
    except ConnectionError:  # no cluster answers
        raise
    except OSError as error:
        raise OSError(
            f"{options.command}: the index must be written to {path}; got "
            f"{error.strerror or error}; name a file that can be written with --index."
        ) from error
    if not len(index):
        raise ValueError(_no_picture(options, index))
    return index


def _in_turn(options: Options, path: Path, model: CLIP, preprocess: Preprocess) -> Index:
    """Return the index of the folder as soon as no other search is at work on it."""
    told = False
    while True:
        try:
            return _built(options, path, model, preprocess)
        except BlockingIOError:
            if not told:
                say(
                    f"{options.command}: waiting for another search that is at work on {path} …"
                )
            told = True
            sleep(PAUSE)
        except DamagedIndexError:
            if options.index is not None or not path.exists():
                raise
            say(f"{options.command}: {path} is damaged; it is built again.")
            path.unlink()  # in our own cache folder, where nothing else lies


def _built(options: Options, path: Path, model: CLIP, preprocess: Preprocess) -> Index:
    """Return the index, encoded here or, if an address is given, on a cluster."""
    name, bar = model_name(options), on_terminal()
    if options.ray is None:
        return Index.build(
            model,
            preprocess,
            options.folder,
            path=path,
            model_name=name,
            batch=options.batch,
            progress=bar,
        )
    by = encoder(model, preprocess, name, options.batch, None, progress=bar)
    stored = make_on(options.ray, by, gather(options.folder), path)
    return Index(stored, model, preprocess, path)


def _no_picture(options: Options, index: Index) -> str:
    return FURTHER.join(
        [
            f"{options.command}: there must be a picture in {options.folder} that can be read; "
            "found none.",
            *(f"{each.path}: {each.reason}" for each in index.skipped),
        ]
    )
