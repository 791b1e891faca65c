"""What a person has judged: which values are right after all, and which nonsense is known.

A table's key is a pattern of function and parameter, such as `plots.*.title`.
"""

import re
from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase
from functools import cache
from inspect import Parameter

Table = Mapping[str, Collection[str]]
"""For each pattern some kinds; "anything" stands for all."""

TEXTS = ("an empty text", "a text", "a long text")
WORDS = ("a text", "a list of texts", "an empty list", "other length")
LONGER = ("other length", "an empty array")
HUGE = ("a huge number",)
ANY_SIGN = ("minus one", "a huge number")
FLAGS = ("truncate", "fair_ties", "log", "log_x", "progress", "full", "recolour", "jit")

WELCOME: Table = {
    # texts that may be any
    "plots.*.title": TEXTS,
    "plots.*.?label": TEXTS,
    "plots.*.measure": TEXTS,
    "plots.query_box.first": ("a text", "a long text"),
    "plots.query_box.label": TEXTS,
    "plots.query_box.search": ("a class",),
    "plots.query_box.heading": ("a class",),
    "plots.query_box.notes": ("a class",),
    "plots.voice_box.hear": ("a class",),
    "plots.voice_box.stored": ("other length",),
    "video.pieces.wave": ("other length",),  # any length of sound is cut into the pieces
    "lesson.Claims.lesson": TEXTS,
    "lesson.Claims.__call__.what": TEXTS,
    "lesson.compare.of": TEXTS,
    "checkpoints.write_manifest_entry.name": ("a text",),
    "retrieval.*.model_name": TEXTS,
    "retrieval.default_path.*": (*TEXTS, "a path to nothing"),
    "retrieval.Index.*.query": ("a text",),
    "tokenizer.BPE.encode.text": TEXTS,
    "unknown_words.*.text": TEXTS,
    "world.*logprob.text": TEXTS,
    "world.Thing.word": ("an empty text",),
    # several texts
    "*.tokenize.texts": (*TEXTS[:2], *WORDS),
    "data.CompactTokens.__call__.texts": ("an empty list", "other length"),
    "losses.multi_positive_targets.captions": ("a list of texts", "other length"),
    "plots.pictures.titles": ("a list of texts",),
    "plots.similarity_matrix.columns": ("a list of texts",),
    "retrieval.Index.compose.plus": WORDS,
    "retrieval.Index.compose.minus": WORDS,
    "retrieval.Index.from_features.items": ("a list of texts",),
    "small.SmallCLIP.encode_text.texts": ("a list of texts", "an empty list", "other length"),
    "rectified_flow.*.prompts": ("a list of texts", "other length"),
    "rectified_flow.read_prompts.texts": ("a list of texts", "other length"),
    "zeroshot.*.names": ("a list of texts", "other length"),
    "zeroshot.*.templates": ("other length",),
    # several of something, one of which may be missing
    "audio.naming_recall.scenes": ("other length",),
    "data.*.kinds": ("other length",),
    "data.caption_words.scenes": ("an empty list", "other length"),
    "few_shot.LearnedContext.names": ("a list of texts", "other length"),
    "metrics.recall_at_k.ks": ("other length",),
    "retrieval.Index.*.source": ("other length",),
    "tokenizer.BPE*.merges": ("an empty list", "other length"),
    "tokenizer.BPE*.texts": ("an empty list", "other length"),
    "tokenizer.BPE.decode.ids": ("an empty list", "other length"),
    "tokenizer.WordTokens.decode.numbers": ("an empty list", "other length"),
    "vqa.*.forward.questions": ("other length",),
    "speech.transcribe.wave": ("other length",),
    "train.fit_projections.also": ("an empty list",),
    "unknown_words.*.known": ("an empty list", "other length"),
    "world.Scene.objects": ("other length",),
    "world.TextPrior.scenes": ("other length",),
    "world.log_posterior.*": ("other length",),
    "world.sample_scene.[ks]*s": ("other length",),
    "world.sample_scene.colours": ("other length",),
    # files that are written, in folders that are made where that is promised
    "checkpoints.export_openai.path": ("a text",),
    "checkpoints.save.path": ("a text",),
    "retrieval.Index.build.path": ("a text", "a path to nothing"),
    "retrieval.Index.save.path": ("a text", "a path to nothing"),
    "retrieval.approximate.FaissIndex.save.path": ("a text", "a path to nothing"),
    "train.fit.checkpoint": ("a text",),
    # amounts of work, which would take for ever
    "*.steps": HUGE,
    "data.*.n": HUGE,
    "rectified_flow.logit_normal_times.n": HUGE,
    "metrics.paired_bootstrap.draws": HUGE,
    "transformer.Transformer.layers": HUGE,
    "world.minimal_pairs.n": HUGE,
    # numbers without an end
    "*.look": ANY_SIGN,
    "*.seed": HUGE,
    "audio.hz_to_mel.hz": HUGE,
    "autoencoder.reconstruction_loss.noise": HUGE,
    "clip.CLIPConfig.*": HUGE,
    "clip.Preprocess.n": HUGE,
    "images.open_rgb.at_least": HUGE,
    "few_shot.*.[abl]*": HUGE,  # alpha, batch, beta, l2, lr
    "lesson.Claims.__call__.high": HUGE,
    "lesson.Claims.__call__.low": ("minus one",),
    "lesson.Claims.__call__.value": ANY_SIGN,
    "lesson.answer.expected": ("anything",),
    "lesson.answer.within": HUGE,
    "lesson.answer.mine": ("anything",),
    "lesson.compare.guess": ("anything",),
    "lesson.compare.measured": ("anything",),
    "losses.*.bias": ANY_SIGN,
    "losses.*.scale": HUGE,
    "losses.*.t*e": HUGE,  # temperature, tile
    "losses.LogitScale.max_scale": HUGE,
    "metrics.uniformity.t": HUGE,
    "plots.bars.chance": ANY_SIGN,
    "plots.live_lines.chance": ANY_SIGN,
    "plots.live_lines.every": HUGE,
    "plots.pictures.columns": HUGE,
    "plots.sounds.sr": HUGE,
    "rectified_flow.guided_velocity.scale": HUGE,
    "rectified_flow.logit_normal_times.mean": ("minus one",),
    "retrieval.*.k": HUGE,
    "retrieval.*.probes": HUGE,
    "retrieval.*.again": HUGE,
    "retrieval.Index.*.batch": HUGE,
    "retrieval.Index.*.threads": HUGE,
    "retrieval.approximate.FaissIndex.open.threads": HUGE,
    "similarity.l2_normalize.dim": ("minus one",),
    "similarity.l2_normalize.eps": HUGE,
    "small.temperature_run.temperature": HUGE,
    "tokenizer.BPE.train.vocab_size": HUGE,
    "train.fit.every": HUGE,
    "train.optimizers.*": HUGE,
    "train.fit_projections.lr": HUGE,
    "train.fit_projections.scale": HUGE,
    "zeroshot.*.scale": HUGE,
    # arrays of any length, none at all among them
    "attention_maps.pointing_chance.masks": (*LONGER, "the other library"),
    "autoencoder.Autoencoder.decode.latents": LONGER,
    "autoencoder.*.images": ("other length",),
    "audio.log_mel.wave": (*LONGER, "one axis more", "one axis less", "the other library"),
    "clip.CLIP.*.image*": LONGER,
    "clip.CLIP.*.t*": LONGER,  # text, tokens: a place after the end changes nothing
    "clip.*normalize.*": (*LONGER, "one axis more"),
    "data.Pairs.images.rows": LONGER,
    "data.swapped_scenes.scenes": ("an empty list", "other length"),
    "few_shot.LinearProbe.__call__.features": LONGER,
    "few_shot.few_shot_split.labels": ("other length",),
    "judge.Judge.*": LONGER,
    "losses.*.extra_*": LONGER,
    "losses.info_nce.logits": ("other length",),
    "plots.histograms.series": (*LONGER, "one axis more", "one axis less"),
    "plots.pictures.images": ("other length",),
    "plots.sounds.clips": ("other length",),
    "rectified_flow.drop_condition.condition": LONGER,
    "rectified_flow.*.noise": (*LONGER, "one axis more", "one axis less"),
    "retrieval.*.queries": LONGER,
    "similarity.[cln]*.[aqx]": LONGER,
    "small.SmallCLIP.encode_image.images": LONGER,
    "transformer.*.forward.x": LONGER,
    "transformer.Transformer.with_attention.x": LONGER,
    "zeroshot.*.image_features": LONGER,
    "zeroshot.probabilities.classifier": ("other length",),
}
"""Right values: calls with them are left out."""

MAY_NOT_MATTER: Table = {
    **{f"*.{flag}": ("anything",) for flag in FLAGS},  # any value is true or false
    "clip.CLIPConfig.from_state_dict.state": ("anything",),  # it is the shapes that are read
    "retrieval.Index.*.preprocess": ("a class",),  # called when a picture is to be read
    "train.fit_projections.also": ("anything",),  # a loss may leave a parameter out
    "clip.load.download_root": ("anything",),  # of a shipped model nothing is downloaded
    "retrieval.approximate.FaissIndex.build.*": ("anything",),  # what it changes is faiss's own
}
"""Values with which a result may be the same."""

MUST_REFUSE: Table = {
    "retrieval.Index.build.source": ("an empty text",),  # the current folder
    "retrieval.Index.update.source": ("an empty text",),
    "retrieval.Index.compose.image": ("a text",),  # looked for as a text
    "transformer.Transformer.layers": ("minus one", "True"),
}
"""Values that were taken without a word and are not to be taken again."""

KNOWN: Mapping[str, str] = {}
"""Nonsense that stands, as `function(parameter=kind)`, with its reason; it may only shrink."""


def is_right(name: str, parameter: Parameter | None, called: str, kind: str) -> bool:
    """Return whether a value of this kind is right, by the annotation or by `WELCOME`.

    Args:
        name: the function.
        parameter: one of its signature; None for one that `**part` takes.
        called: the parameter's name.
        kind: of value.
    """
    if parameter is not None:
        said = str(parameter.annotation)
        if kind == "None" and (parameter.default is None or re.search(r"\bNone\b", said)):
            return True
        if kind == "True" and re.search(r"\bbool\b", said):
            return True
        if kind == "a generator" and "Iterable[" in said:
            return True
        if kind == "a list of texts" and "Iterable[str]" in said:
            return True
    return kind in kinds_of("WELCOME", f"{name}.{called}")


@cache
def kinds_of(table: str, place: str) -> frozenset[str]:
    """Return all kinds that a table has for a place."""
    tables = {
        "WELCOME": WELCOME, "MAY_NOT_MATTER": MAY_NOT_MATTER, "MUST_REFUSE": MUST_REFUSE
    }  # fmt: skip
    found = (kinds for key, kinds in tables[table].items() if fnmatchcase(place, key))
    return frozenset(kind for kinds in found for kind in kinds)
