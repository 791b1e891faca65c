"""A call that works for every public name: fresh arguments by name, the receiver as `self`.

Every parameter is given, optional ones too, and what `**part` takes besides. Files are made in
the current folder, which is to be an empty one of its own. Models are the smallest that do.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.figure import Figure
from PIL import Image
from scipy.io import wavfile
from torch import nn

from mmcourse import (
    audio,
    autoencoder,
    captioning,
    checkpoints,
    clip,
    codebook,
    data,
    few_shot,
    flamingo,
    foreign,
    judge,
    losses,
    metrics,
    picture_words,
    rectified_flow,
    retrieval,
    small,
    speech,
    tokenizer,
    video,
    vqa,
    world,
)
from mmcourse.lesson import Claims
from mmcourse.retrieval.approximate import FaissIndex
from mmcourse.retrieval.shards import Shards

Call = dict[str, Any]

ALT = "A sentence for the test."
CONFIG = {
    "embed_dim": 24,
    "image_resolution": 16,
    "vision_layers": 1,
    "vision_width": 64,
    "vision_patch_size": 8,
    "context_length": 9,
    "vocab_size": 37,
    "transformer_width": 64,
    "transformer_layers": 1,
}
FILM_QUESTIONS = ["what do you hear?", "what colour is the cat?"]
CAT = {"kind": "cat", "colour": "red", "size": 0.3, "position": (0.3, 0.6), "pose": "sitting"}


def floats(*shape: int, seed: int = 0) -> torch.Tensor:
    """Return numbers around 0."""
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """Return numbers from 0 to 1."""
    return np.random.default_rng(seed).random(shape)


def rng() -> np.random.Generator:
    """Return a Generator at its start."""
    return np.random.default_rng(5)


@cache
def tiny() -> tuple[clip.CLIP, clip.Preprocess]:
    """Return the shipped model; who changes it takes `toy`."""
    return clip.load("tiny", device="cpu")


@cache
def tiny_config() -> clip.CLIPConfig:
    """Return the sizes of the shipped model."""
    return clip.CLIPConfig.from_state_dict(tiny()[0].state_dict())


@cache
def cached_toy() -> clip.CLIP:
    """Return a CLIP of random weights and 37 tokens; who changes it takes `toy`."""
    return toy()


def toy() -> clip.CLIP:
    """Return a new one."""
    return layer(clip.CLIP, clip.CLIPConfig(**CONFIG)).eval()


def layer(make: Callable[..., nn.Module] = nn.Linear, *sizes: Any) -> nn.Module:
    """Return a layer, the same each time; by default of three numbers to two."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(2)
        return make(*(sizes or ((3, 2) if make is nn.Linear else ())))


def small_clip() -> small.SmallCLIP:
    """Return a model that reads four words."""
    generator = torch.Generator().manual_seed(0)
    return small.SmallCLIP(["a", "cat", "dog", "red"], 5, generator=generator)


@cache
def captioner() -> captioning.PrefixCaptioner:
    """Return a captioner of random weights, of grids of three places."""
    return layer(lambda: captioning.PrefixCaptioner(5, 3, width=32, layers=1)).eval()


@cache
def looker() -> flamingo.Flamingo:
    """Return a model of random weights that looks at grids of three places."""
    return layer(
        lambda: flamingo.Flamingo(
            flamingo.GameLanguageModel(32, 1), flamingo.Sight(5, 3, width=32, layers=1)
        )
    ).eval()


@cache
def shown_things() -> flamingo.Album:
    """Return 80 pictures of cats and boats."""
    part = {"n_objects": 1, "kinds": ["cat", "boat"], "colours": ["red", "blue"]}
    return flamingo.Album(floats(80, 3, 5), data.sample_scenes(80, rng(), **part))


def game() -> flamingo.WordGame:
    """Return a game of colours."""
    return flamingo.WordGame(("cat", "car"), ("red", "blue"), ("dax", "wug"), "colour")


def document() -> torch.Tensor:
    """Return two documents of five words as numbers."""
    return flamingo.tokens_of(["<image> is dax <eoc> <image>", "is <image> red cat <eoc>"])


def exam() -> list[flamingo.Question]:
    """Return two questions with an example of each name."""
    return flamingo.draw_questions(2, 1, shown_things(), ["cat", "boat"], rng())


@cache
def listener() -> speech.SpeechEncoder:
    """Return a recogniser of random weights, of five bands."""
    return layer(lambda: speech.SpeechEncoder(5, units=28, width=36, layers=1)).eval()


def recorded() -> Path:
    """Return the file of half a second of noise."""
    path = Path("noise.wav")
    wavfile.write(path, 8000, (1e4 * rng().random(4000)).astype(np.int16))
    return path


@cache
def teller() -> audio.AudioCaptioner:
    """Return a captioner of sounds of random weights, of 16 frames."""
    return layer(lambda: audio.AudioCaptioner(32, 1, frames=16)).eval()


def asked() -> torch.Tensor:
    """Return two questions as numbers."""
    return vqa.question_tokens()(["is there a cat?", "what colour is the car?"])


def head() -> few_shot.LinearProbe:
    """Return two classes of three numbers."""
    return few_shot.LinearProbe(floats(3, 2), torch.zeros(2))


def context() -> few_shot.LearnedContext:
    """Return two vectors before two names."""
    generator = torch.Generator().manual_seed(0)
    return few_shot.LearnedContext(tiny()[0], ["cat", "dog"], 2, generator=generator)


def photographs() -> list[np.ndarray]:
    """Return three pictures."""
    return [(255 * numbers(9, 11, 3, seed=seed)).astype(np.uint8) for seed in range(3)]


def photo() -> Path:
    """Return the path of a picture, which is written."""
    Image.fromarray(photographs()[0]).save("photo.png")
    return Path("photo.png")


def cat(**other: Any) -> world.Thing:
    """Return a red cat on the left, or what else is asked for."""
    return world.Thing(**{**CAT, **other})


def scene(setting: str = "meadow") -> world.Scene:
    """Return a cat and a ball, so to speak."""
    dog = cat(kind="dog", colour="blue", position=(0.7, 0.6), size=0.25)
    return world.Scene(setting=setting, objects=(cat(), dog))


def dancers() -> tuple[world.Dancer, world.Dancer]:
    """Return a cat that goes left and a dog that goes right, of two hops each."""
    dog = cat(kind="dog", colour="blue", position=(0.7, 0.6))
    return world.Dancer(cat(), "left", (2, 5)), world.Dancer(dog, "right", (1, 7))


def duet() -> world.Duet:
    """Return a cat and a dog that hop, the dog to a horn."""
    return world.Duet(dancers(), 1, "bus", setting="snow")


@cache
def shown() -> video.Films:
    """Return two films."""
    return video.films_of([duet(), world.sample_duet(rng())])


@cache
def watcher() -> video.VideoQA:
    """Return a watcher of films of random weights."""
    return layer(lambda: video.VideoQA(32, 1)).eval()


@cache
def prior() -> world.TextPrior:
    """Return the chances of texts in a world of two scenes."""
    return world.TextPrior([scene(), scene("snow")])


@cache
def drawn() -> data.Pairs:
    """Return three small pictures of single things."""
    return data.pairs(3, 0, **data.SMALL_WORLD)


@cache
def index() -> retrieval.Index:
    """Return an index that reads texts and pictures."""
    vectors = numbers(5, 128, seed=1) - 0.5
    return retrieval.Index.from_features(vectors, list("abcde"), model=tiny()[0])


@cache
def plain_index() -> retrieval.Index:
    """Return one of vectors alone."""
    return retrieval.Index.from_features(numbers(90, 8) - 0.5)


@cache
def approximate() -> FaissIndex:
    """Return the same by faiss."""
    return FaissIndex.build(plain_index(), "flat")


@cache
def built() -> retrieval.Index:
    """Return one whose model can encode more."""
    model = cached_toy()
    return retrieval.Index.build(model, clip.Preprocess(16), photographs(), progress=False)


def saved(of: Any, name: str) -> Path:
    """Return the path of a file that an index or a model was written into."""
    if isinstance(of, nn.Module):
        checkpoints.save(of, name)
    else:
        of.save(name)
    return Path(name)


def entry() -> checkpoints.Entry:
    """Return what a manifest could say of a model."""
    return checkpoints.Entry(
        sha256="0" * 64,
        command="make weights",
        seed=0,
        device="cpu",
        minutes=1.5,
        metrics={"accuracy": (0.5, 4)},
    )


def table() -> Path:
    """Return the path of one stored run."""
    fields = small.TemperatureRun._fields
    Path("runs.csv").write_text(f"{','.join(fields)}\n0.5,1,2.5,1.5,0.25\n", encoding="utf-8")
    return Path("runs.csv")


def stored(record: type, row: str) -> Path:
    """Return the path of one stored run."""
    Path("stored.csv").write_text(f"{','.join(record._fields)}\n{row}\n", encoding="utf-8")
    return Path("stored.csv")


def claimed() -> Claims:
    """Return claims of which one was made."""
    claim = Claims("01")
    claim("accuracy", 0.5, 0.25, 0.75)
    return claim


def fitted() -> Call:
    """Return what `fit` needs for two steps of a small layer."""
    model = layer()
    return {
        "model": model,
        "loss_at": lambda step: model(floats(5, 3, seed=step)).square().mean(),
        "steps": 2,
        "chosen": [torch.optim.SGD(model.parameters(), lr=0.1)],
        "warmup": 0.5,
        "after_step": lambda _step: None,
        "checkpoint": Path("run.pt"),
        "every": 1,
        "writes": True,
        "progress": False,
    }


def chunks() -> Call:
    """Return what `cached_backward` needs for two chunks."""
    weight = floats(7, 5, seed=3).requires_grad_()
    return {
        "encode_image": lambda images: images @ weight,
        "encode_text": lambda texts: texts,
        "batches": [(floats(3, 7), floats(3, 5, seed=1)), (floats(2, 7), floats(2, 5, seed=4))],
        "loss_fn": lambda images, texts: losses.clip_loss(images, texts, 5.0),
    }


def seeded() -> torch.Generator:
    """Return a torch Generator at its start."""
    return torch.Generator().manual_seed(0)


@cache
def folder() -> autoencoder.Autoencoder:
    """Return an autoencoder of random weights, which folds pictures badly."""
    return layer(autoencoder.Autoencoder).eval()


@cache
def flow_net() -> rectified_flow.FlowNet:
    """Return one of random weights, whose answers are no longer 0 everywhere."""
    net = layer(rectified_flow.FlowNet).eval()
    for each in (net.modulate, net.modulate_last, net.say_velocity):
        nn.init.normal_(each.weight, std=0.1, generator=seeded())
    return net


@cache
def mapped() -> rectified_flow.SentenceMap:
    """Return a map from five numbers to seven."""
    return rectified_flow.SentenceMap(floats(5, 7), floats(5, seed=2), floats(7, seed=3))


def painter() -> rectified_flow.Painter:
    """Return a painter that has learnt nothing."""
    return rectified_flow.Painter(tiny()[0], flow_net(), folder())


@cache
def word_net() -> picture_words.PictureWords:
    """Return one of random weights, whose answers are no longer alike."""
    net = layer(lambda: picture_words.PictureWords(32, 1, 2)).eval()
    for each in (net.word_head, net.first_head, net.second.head):
        nn.init.normal_(each.weight, std=0.3, generator=seeded())
    return net


@cache
def picture_tokenizer() -> codebook.PictureTokenizer:
    """Return one of random weights, which spells pictures badly."""
    return layer(codebook.PictureTokenizer).eval()


def speller() -> picture_words.Speller:
    """Return a speller that has learnt nothing."""
    return picture_words.Speller(word_net(), picture_tokenizer())


def spelled(cells: int = 64, n: int = 2) -> torch.Tensor:
    """Return the codes of pictures that show nothing."""
    return torch.arange(n * cells * 2).reshape(n, cells, 2) * 7 % 1000


def rows() -> torch.Tensor:
    """Return two texts as numbers."""
    return picture_words.text_rows(word_net().tokens, ["a red cat", "a blue dog at night"])


@cache
def judging() -> judge.Judge:
    """Return a judge of random weights."""
    return layer(judge.Judge).eval()


def paintings() -> torch.Tensor:
    """Return two pictures of 64 pixels, from 0 to 255."""
    return torch.from_numpy((255 * numbers(2, 64, 64, 3)).astype(np.uint8))


def pull(points: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
    """Return the velocity of points that are drawn to 0, the later the faster."""
    return -points * (1 + times.view(-1, *[1] * (points.ndim - 1)))


def eyes() -> torch.Tensor:
    """Return attention of one layer, whose rows sum to 1."""
    return floats(2, 3, 5, 5).softmax(-1)


def labels() -> Call:
    """Return the words and the sentence of a figure."""
    return {"title": "A title", "alt": None}


ATTENTION = {
    "attention_maps.rollout": lambda: {"attentions": [eyes(), eyes()]},
    "attention_maps.relevance": lambda: {
        "model": tiny()[0],
        "images": floats(2, 3, 64, 64),
        "tokens": clip.tokenize(["a cat", "a dog"]),
    },
    "attention_maps.pointing_game": lambda: {
        "maps": floats(2, 2, 3),
        "masks": torch.from_numpy(numbers(2, 4, 9) < 0.5),
    },
    "attention_maps.pointing_chance": lambda: {"masks": numbers(2, 4, 9) < 0.5},
}
AUDIO = {
    "audio.AudioCaptioner": lambda: {
        "width": 32,
        "layers": 1,
        "frames": 16,
        "pooled": True,
    },
    "audio.AudioCaptioner.features": lambda: {"self": teller(), "mels": floats(2, 48, 16)},
    "audio.AudioCaptioner.forward": lambda: {
        "self": teller(),
        "mels": floats(2, 48, 16),
        "tokens": teller().decoder.tokens(["a cat once", "a dog twice"]),
    },
    "audio.AudioTower": lambda: {"dim": 3, "width": 32, "layers": 1},
    "audio.AudioTower.forward": lambda: {
        "self": layer(lambda: audio.AudioTower(3, 32, 1)).eval(),
        "mels": floats(2, 48, 16),
    },
    "audio.TimeTokens": lambda: {"width": 8},
    "audio.TimeTokens.forward": lambda: {
        "self": layer(lambda: audio.TimeTokens(8)).eval(),
        "mels": floats(2, 48, 16),
    },
    "audio.grain": lambda: {"mels": floats(2, 48, 16)},
    "audio.heard_facts": lambda: {"scene": scene()},
    "audio.hz_to_mel": lambda: {"hz": 440.0},
    "audio.mel_to_hz": lambda: {"mel": 440.0},
    "audio.mel_filterbank": lambda: {"sr": 8000, "n_fft": 256, "n_mels": 8},
    "audio.log_mel": lambda: {
        "wave": floats(3, 600),
        "sr": 8000,
        "n_fft": 256,
        "hop": 128,
        "n_mels": 8,
    },
    "audio.naming_recall": lambda: {"scenes": [scene(), scene("snow")]},
}
RECORDINGS = {"recordings.open_recording": lambda: {"path": recorded()}}

FOREIGN = {
    "foreign.Border": lambda: {"dim": 3},
    "foreign.Border.forward": lambda: {"self": foreign.Border(3), "numbers": floats(2, 3)},
    "foreign.load_border": dict,
    "foreign.textures": lambda: {"model": tiny()[0], "images": floats(2, 3, 64, 64)},
}

AUTOENCODER = {
    "autoencoder.Autoencoder": dict,
    "autoencoder.Autoencoder.encode": lambda: {
        "self": folder(),
        "images": floats(2, 3, 16, 24),
    },
    "autoencoder.Autoencoder.decode": lambda: {
        "self": folder(),
        "latents": floats(2, 16, 2, 3),
    },
    "autoencoder.folding": lambda: {"channels": 5},
    "autoencoder.unfolding": lambda: {"channels": 5},
    "autoencoder.as_images": lambda: {"pixels": np.stack(photographs())},
    "autoencoder.as_pixels": lambda: {"images": floats(2, 3, 5, 7)},
    "autoencoder.reconstruction_loss": lambda: {
        "autoencoder": folder(),
        "images": floats(2, 3, 16, 24),
        "noise": 0.1,
        "generator": seeded(),
    },
}
CAPTIONING = {
    "captioning.PrefixCaptioner": lambda: {
        "dim": 5,
        "places": 3,
        "width": 32,
        "layers": 1,
        "words": ["a", "cat"],
    },
    "captioning.PrefixCaptioner.forward": lambda: {
        "self": captioner(),
        "features": floats(2, 3, 5),
        "tokens": captioner().tokens(["a cat", "two red dogs"]),
    },
    "captioning.PrefixCaptioner.read": lambda: {
        "self": captioner(),
        "features": floats(2, 3, 5),
    },
    "captioning.PrefixCaptioner.step": lambda: {
        "self": captioner(),
        "words": torch.tensor([5, 7]),
        "cache": captioner().read(floats(2, 3, 5))[1],
    },
    "captioning.alt_text": lambda: {
        "image": Image.fromarray(photographs()[0]),
        "threshold": 0.25,
    },
    "captioning.beam": lambda: {
        "model": captioner(),
        "features": floats(2, 3, 5),
        "k": 2,
        "length_penalty": 0.5,
    },
    "captioning.caption_loss": lambda: {
        "logits": floats(2, 4, 9),
        "tokens": torch.tensor([[1, 5, 7, 2], [1, 3, 2, 0]]),
    },
    "captioning.greedy": lambda: {"model": captioner(), "features": floats(2, 3, 5)},
    "captioning.sample": lambda: {
        "model": captioner(),
        "features": floats(2, 3, 5),
        "temperature": 0.5,
        "top_k": 3,
        "generator": torch.Generator().manual_seed(0),
    },
    "captioning.target_caption": lambda: {"scene": scene()},
    "captioning.target_words": dict,
}
CHECKPOINTS = {
    "checkpoints.export_openai": lambda: {"model": cached_toy(), "path": "exported.pt"},
    "checkpoints.known_tokens": lambda: {"model": cached_toy()},
    "checkpoints.manifest": lambda: {"model": "CLIP"},
    "checkpoints.read": lambda: {"path": saved(layer(), "layer.safetensors")},
    "checkpoints.restore": lambda: {"module": layer(clip.CLIP, tiny_config()), "name": "tiny"},
    "checkpoints.save": lambda: {
        "model": cached_toy(),
        "path": "toy.safetensors",
        "vocabulary": torch.arange(37),
    },
    "checkpoints.sha256": lambda: {"path": photo()},
    "checkpoints.shipped": lambda: {"name": "tiny"},
    "checkpoints.write_manifest_entry": lambda: {
        "name": "another",
        "entry": entry(),
    },
}
LESSON = {
    "choice.chosen_model": dict,
    "images.readers": dict,
    "images.as_rgb": lambda: {"image": Image.new("RGB", (7, 5))},
    "lesson.Claims": lambda: {"lesson": "01"},
    "lesson.Claims.__call__": lambda: {
        "self": Claims("01"),
        "what": "accuracy",
        "value": 0.5,
        "low": 0.25,
        "high": 0.75,
    },
    "lesson.Claims.table": lambda: {"self": claimed()},
    "lesson.answer": lambda: {"mine": 0.5, "expected": 0.5, "within": 1e-3},
    "lesson.compare": lambda: {"guess": 0.5, "measured": 0.25, "of": "share"},
}
CLIP = {
    "clip.CLIP": lambda: {"config": clip.CLIPConfig(**CONFIG)},
    "clip.CLIP.encode_image": lambda: {"self": cached_toy(), "images": floats(2, 3, 16, 16)},
    "clip.CLIP.image_grid": lambda: {"self": cached_toy(), "images": floats(2, 3, 16, 16)},
    "clip.CLIP.image_attention": lambda: {"self": cached_toy(), "images": floats(2, 3, 16, 16)},
    "clip.CLIP.encode_text": lambda: {
        "self": tiny()[0],
        "tokens": clip.tokenize(["a cat", "a dog"], 9),
    },
    "clip.CLIP.text_hidden": lambda: {
        "self": tiny()[0],
        "tokens": clip.tokenize(["a cat", "a dog"], 9),
    },
    "clip.CLIPConfig": lambda: dict(CONFIG),
    "clip.CLIPConfig.from_state_dict": lambda: {"state": cached_toy().state_dict()},
    "clip.Preprocess": lambda: {"n": 16},
    "clip.Preprocess.__call__": lambda: {
        "self": clip.Preprocess(16),
        "image": Image.fromarray(photographs()[0]),
    },
    "clip.available_models": dict,
    "clip.convert_weights": lambda: {"model": toy(), "dtype": torch.float16},
    "clip.load": lambda: {
        "name": "tiny",
        "device": "cpu",
        "dtype": torch.float32,
        "jit": False,
        "download_root": None,
    },
    "clip.normalize": lambda: {"pixels": photographs()[0]},
    "clip.preprocess": lambda: {"image": Image.fromarray(photographs()[0]), "n": 16},
    "clip.tokenize": lambda: {
        "texts": ["a cat", "a dog"],
        "context_length": 9,
        "truncate": False,
    },
    "clip.unnormalize": lambda: {"x": floats(2, 3, 4, 5)},
}
DATA = {
    "data.CompactTokens": lambda: {"words": ["a", "cat", "dog"]},
    "data.CompactTokens.__call__": lambda: {
        "self": data.CompactTokens(["a", "cat", "dog"]),
        "texts": ["a cat", "dog"],
    },
    "data.Pairs.images": lambda: {"self": drawn(), "rows": np.array([2, 0])},
    "data.Pairs.captions": lambda: {"self": drawn(), "rng": rng(), "full": False},
    "data.caption_words": lambda: {"scenes": [scene(), scene("snow")]},
    "data.pairs": lambda: {
        "n": 2,
        "seed": 3,
        "size": 8,
        "heights": (16, 20),
        "kinds": ["cat", "dog"],
        "n_objects": 1,
        "split": "test",
    },
    "data.sample_scenes": lambda: {"n": 2, "rng": rng(), "kinds": ["cat", "dog"]},
    "data.swapped_captions": lambda: {
        "scenes": [scene(), scene("snow")],
        "captions": ["a cat", "a dog"],
        "share": 0.5,
        "rng": rng(),
    },
    "data.swapped_scenes": lambda: {
        "scenes": [scene(), scene("snow")],
        "share": 0.5,
        "rng": rng(),
    },
}
LOSSES = {
    "losses.LogitScale": lambda: {"init": 10.0, "max_scale": 50.0},
    "losses.LogitScale.forward": lambda: {"self": losses.LogitScale()},
    "losses.LogitScale.clamp_": lambda: {"self": losses.LogitScale()},
    "losses.LogitScale.extra_repr": lambda: {"self": losses.LogitScale()},
    "losses.cached_backward": chunks,
    "losses.clip_loss": lambda: {
        "images": floats(3, 5),
        "texts": floats(3, 5, seed=1),
        "scale": 7.0,
        "extra_texts": floats(2, 5, seed=2),
        "extra_images": floats(4, 5, seed=3),
    },
    "losses.info_nce": lambda: {"logits": floats(3, 5)},
    "losses.multi_positive_loss": lambda: {
        "logits": floats(3, 4),
        "targets": torch.tensor([[1.0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0]]),
    },
    "losses.multi_positive_targets": lambda: {"captions": ["a cat", "a dog", "a cat"]},
    "losses.negative_weights": lambda: {"similarities": floats(3, 3), "temperature": 0.5},
    "losses.ring_clip_loss": lambda: {
        "images": floats(3, 5),
        "texts": floats(3, 5, seed=1),
        "scale": 7.0,
        "labels": torch.tensor([4, 0, 4]),
        "tile": 2,
    },
    "losses.siglip_loss": lambda: {
        "images": floats(3, 5),
        "texts": floats(3, 5, seed=1),
        "scale": 7.0,
        "bias": -3.0,
    },
    "losses.tiled_clip_loss": lambda: {
        "images": floats(3, 5),
        "texts": floats(3, 5, seed=1),
        "scale": 7.0,
        "extra_texts": floats(2, 5, seed=2),
        "tile": 2,
    },
}
METRICS = {
    "metrics.accuracy": lambda: {
        "predictions": np.array([0, 1, 1, 2, 0]),
        "targets": np.array([0, 1, 0, 2, 1]),
    },
    "metrics.accuracy_interval": lambda: {"correct": 3, "n": 5, "confidence": 0.9},
    "metrics.alignment": lambda: {"u": floats(3, 5), "v": floats(3, 5, seed=1)},
    "metrics.CaptionTruth.share_told": lambda: {
        "self": metrics.caption_truth(scene(), "a red cat")
    },
    "metrics.CaptionTruth.share_true": lambda: {
        "self": metrics.caption_truth(scene(), "a red cat")
    },
    "metrics.caption_truth": lambda: {"scene": scene(), "text": "a red cat and a dog"},
    "metrics.character_error_rate": lambda: {"heard": ["bat", ""], "said": ["cats", "a"]},
    "metrics.clip_score": lambda: {
        "image_features": floats(3, 5),
        "text_features": floats(3, 5, seed=1),
        "weight": 2.0,
    },
    "metrics.ece": lambda: {
        "probabilities": floats(5, 3).softmax(1),
        "y": torch.tensor([0, 1, 2, 0, 1]),
        "bins": 7,
    },
    "metrics.edit_distance": lambda: {"a": "kitten", "b": "sitting"},
    "metrics.fit_temperature": lambda: {
        "logits": numbers(7, 3),
        "y": np.array([0, 1, 2, 0, 1, 0, 2]),
    },
    "metrics.mean_interval": lambda: {"values": numbers(5), "confidence": 0.9},
    "metrics.mean_reciprocal_rank": lambda: {
        "similarities": floats(3, 5),
        "relevant": torch.eye(3, 5).bool() | (floats(3, 5, seed=1) > 0.5),
    },
    "metrics.median_rank": lambda: {
        "similarities": numbers(3, 5),
        "relevant": np.eye(3, 5, 1, dtype=bool),
    },
    "metrics.modality_gap": lambda: {"u": numbers(3, 5), "v": numbers(4, 5, seed=1)},
    "metrics.pair_accuracy": lambda: {"true": floats(5), "false": floats(5, seed=1)},
    "metrics.paired_bootstrap": lambda: {
        "a": numbers(5),
        "b": numbers(5, seed=1),
        "rng": rng(),
        "confidence": 0.9,
        "draws": 100,
    },
    "metrics.recall_at_k": lambda: {
        "similarities": numbers(3, 5),
        "relevant": np.eye(3, 5, 1, dtype=bool),
        "ks": (1, 3),
        "fair_ties": False,
    },
    "metrics.uniformity": lambda: {"x": floats(3, 5), "t": 2.0},
    "metrics.vqa_accuracy": lambda: {
        "predictions": ["red", "two"],
        "answers": [["red"] * 10, ["two"] * 4 + ["three"] * 6],
    },
    "metrics.winoground_scores": lambda: {"scores": floats(3, 2, 2)},
    "metrics.word_error_rate": lambda: {"heard": ["a bat", ""], "said": ["a cat", "no"]},
}


def lying() -> Call:
    """Return what both ways to draw lying bars take."""
    return {
        "groups": ["one", "two"],
        "series": {"a": np.array([0.3, 0.7])},
        "intervals": {"a": np.array([[0.1, 0.9], [0.2, 0.8]])},
        "chance": np.array([0.5, 0.25]),
        "title": "A title",
        "xlabel": "share",
    }


PLOTS = {
    "plots.animation": lambda: {
        "frames": [photographs()[0], photographs()[0] // 2],
        "alt": ALT,
        "seconds": 1.0,
        "inches": 1.0,
    },
    "plots.arrows": lambda: {"panels": {"a": numbers(2), "b": numbers(2, seed=1)}, **labels()},
    "plots.bars": lambda: {
        "groups": ["one", "two"],
        "series": {"a": numbers(2), "b": numbers(2, seed=1)},
        "ylabel": "height (m)",
        "intervals": {"a": np.array([[0.1, 0.9], [0.2, 0.8]])},
        "chance": 0.5,
        **labels(),
    },
    "plots.chains": lambda: {
        "machines": {"ours": ["words", "picture"], "theirs": ["words"]},
        "marked": ["words"],
        "title": "A title",
        "alt": ALT,
        "ours": "ours",
    },
    "plots.chance_bars": lambda: {**lying(), "alt": ALT},
    "plots.draw_chance_bars": lying,
    "plots.blank": lambda: {"width": 3.0, "height": 2.0, "rows": 1, "columns": 2},
    "plots.draw_arrows": lambda: {
        "panels": {"a": numbers(2), "b": numbers(2, seed=1)},
        "title": "A title",
        "reach": 2.0,
    },
    "plots.explore": lambda: {
        "draw": lambda width: (Figure((width, 1)), ALT),
        "width": (1.0, 2.0, 1.0),
    },
    "plots.paths": lambda: {
        "panels": {"a": numbers(3, 5, 2)},
        "title": "A title",
        "alt": ALT,
        "behind": numbers(7, 2),
    },
    "plots.players": lambda: {"waves": {"a": numbers(9)}, "sr": 8_000, "alt": ALT},
    "plots.histograms": lambda: {
        "series": {"a": numbers(7), "b": numbers(5)},
        "edges": np.linspace(0, 1, 5),
        "xlabel": "length (m)",
        **labels(),
    },
    "plots.hover": lambda: {
        "picture": photographs()[0][:, :9],
        "layers": [numbers(5, 5), numbers(5, 5, seed=1)],
        "words": {"a cat": numbers(4)},
        "alt": ALT,
    },
    "plots.letter_track": lambda: {
        "spectrum": numbers(3, 5),
        "probabilities": np.full((4, 2), 0.5),
        "names": ["blank", "a"],
        "seconds": 0.5,
        "title": "A title",
        "alt": ALT,
    },
    "plots.lines": lambda: {
        "x": np.array([1.0, 2, 4]),
        "series": {"a": numbers(3), "b": numbers(3, seed=1)},
        "xlabel": "size (m)",
        "ylabel": "time (s)",
        "intervals": {"a": np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]])},
        "chance": 0.5,
        "log": False,
        "log_x": True,
        **labels(),
    },
    "plots.live_lines": lambda: {
        "title": "A title",
        "xlabel": "step",
        "ylabel": "loss (nats)",
        "chance": 0.5,
        "every": 2,
    },
    "plots.panels": lambda: {
        "x": np.array([1.0, 2, 4]),
        "quantities": {"time (s)": {"a": numbers(3)}, "length (m)": {"b": numbers(3, seed=1)}},
        "xlabel": "size (m)",
        "intervals": {"a": np.array([[0.1, 0.9], [0.2, 0.8], [0.3, 0.7]])},
        "chance": {"time (s)": 0.5},
        "log_x": True,
        **labels(),
    },
    "plots.pictures": lambda: {
        "images": photographs(),
        "titles": ["one", "two", "three"],
        "alt": ALT,
        "columns": 2,
        "inches": 1.5,
    },
    "plots.query_box": lambda: {
        "search": lambda query: [(photographs()[0], query)],
        "first": "a cat",
        "label": "Prompt",
        "heading": lambda query: f"You typed {query}:",
        "notes": lambda query, pictures: [f"{len(pictures)} for {query}."],
        "columns": 2,
        "inches": 1.0,
    },
    "plots.reliability": lambda: {
        "series": {"a": (numbers(7), numbers(7, seed=1) < 0.5)},
        "bins": 5,
        **labels(),
    },
    "plots.show": lambda: {
        "figure": Figure((1, 1)),
        "alt": ALT,
        "numbers": [["", "a"], ["one", "0.5"]],
        "caption": "A sentence below.",
    },
    "plots.similarity_matrix": lambda: {
        "values": numbers(2, 3),
        "rows": ["one", "two"],
        "columns": ["a", "b", "c"],
        "axes": ("picture", "caption"),
        "measure": "cosine",
        "limits": (-1.0, 1.0),
        "pictures": photographs()[:2],
        **labels(),
    },
    "plots.sound_slider": lambda: {
        "pictures": [photographs()[0], photographs()[1]],
        "wave": floats(400),
        "said": {0: "in time", 1: "late"},
        "sr": 8_000,
        "alt": ALT,
        "seconds": 1.0,
    },
    "plots.sounds": lambda: {
        "clips": {"a": (numbers(40), numbers(3, 5))},
        "sr": 8000,
        "alt": ALT,
        "spans": {"a": [("a cat", 0.0, 0.002)]},
        "pitches": {0: 37.0, 2: 400.0},
        "inches": 2.0,
    },
    "plots.voice_box": lambda: {
        "hear": lambda file: (f"{len(file)} bytes", [(photographs()[0], "a photo")]),
        "stored": {"a beep": np.array([0, 900, -900], dtype=np.int16)},
        "columns": 2,
        "inches": 1.5,
    },
}
CODEBOOK = {
    "codebook.PictureTokenizer": dict,
    "codebook.PictureTokenizer.encode": lambda: {
        "self": picture_tokenizer(),
        "images": floats(2, 3, 64, 64),
    },
    "codebook.PictureTokenizer.decode": lambda: {
        "self": picture_tokenizer(),
        "codes": spelled(),
    },
    "codebook.VectorQuantiser": lambda: {"n": 7, "dim": 3},
    "codebook.VectorQuantiser.forward": lambda: {
        "self": layer(lambda: codebook.VectorQuantiser(7, 3)),
        "vectors": floats(5, 3),
        "commitment": 0.5,
    },
    "codebook.codes_of": lambda: {
        "rounded": codebook.finite_scalar(floats(5, 2), (8, 5)),
        "levels": (8, 5),
    },
    "codebook.finite_scalar": lambda: {"latents": floats(5, 2), "levels": (8, 5)},
    "codebook.levels_of": lambda: {"codes": torch.tensor([3, 17, 39]), "levels": (8, 5)},
}
PICTURE_WORDS = {
    "picture_words.PictureWords": lambda: {"width": 32, "layers": 1, "heads": 2},
    "picture_words.PictureWords.read": lambda: {
        "self": word_net(),
        "words": rows(),
        "codes": spelled(3),
    },
    "picture_words.PictureWords.step_cell": lambda: {
        "self": word_net(),
        "codes": torch.tensor([[5, 7], [0, 999]]),
        "cell": 3,
        "cache": word_net().read(words=rows(), codes=spelled(3))[1],
    },
    "picture_words.PictureWords.step_word": lambda: {
        "self": word_net(),
        "words": torch.tensor([5, 7]),
        "cache": word_net().read(codes=spelled())[1],
    },
    "picture_words.Speller.paint": lambda: {
        "self": speller(),
        "prompts": ["a red cat", "a blue dog"],
        "generator": seeded(),
        "guidance": 2.0,
        "temperature": 0.5,
        "top_k": 3,
    },
    "picture_words.Speller.tell": lambda: {"self": speller(), "pixels": paintings()},
    "picture_words.next_cell": lambda: {
        "model": word_net(),
        "words": rows(),
        "codes": spelled(),
    },
    "picture_words.picture_words": dict,
    "picture_words.spell": lambda: {
        "model": word_net(),
        "words": rows(),
        "generator": seeded(),
        "guidance": 2.0,
        "temperature": 0.5,
        "top_k": 3,
        "begun": spelled(60),
    },
    "picture_words.spell_best": lambda: {
        "speller": speller(),
        "reader": tiny()[0],
        "prompts": ["a red cat"],
        "n": 2,
        "generator": seeded(),
        "guidance": 2.0,
    },
    "picture_words.surprise": lambda: {
        "model": word_net(),
        "words": rows(),
        "codes": spelled(),
        "words_first": torch.tensor([True, False]),
    },
    "picture_words.tell": lambda: {"model": word_net(), "codes": spelled()},
    "picture_words.text_rows": lambda: {
        "tokens": word_net().tokens,
        "texts": ["a red cat", "a blue dog"],
    },
}
RECTIFIED_FLOW = {
    "judge.Judge": dict,
    "judge.Judge.forward": lambda: {"self": judging(), "images": floats(2, 3, 64, 64)},
    "judge.Judge.verdicts": lambda: {"self": judging(), "pixels": paintings()},
    "judge.truth": lambda: {"scene": scene()},
    "rectified_flow.FlowNet": dict,
    "rectified_flow.FlowNet.forward": lambda: {
        "self": flow_net(),
        "x": floats(2, 16, 8, 8),
        "times": torch.tensor([0.25, 0.75]),
        "condition": floats(2, 24, 128),
    },
    "rectified_flow.Painter.paint": lambda: {
        "self": painter(),
        "prompts": ["a red cat", "a blue dog"],
        "generator": seeded(),
        "guidance": 2.0,
        "steps": 1,
        "method": rectified_flow.midpoint,
    },
    "rectified_flow.Painter.paint_read": lambda: {
        "self": painter(),
        "condition": floats(2, 24, 128),
        "generator": seeded(),
        "guidance": 2.0,
        "steps": 1,
        "method": rectified_flow.midpoint,
    },
    "rectified_flow.SentenceMap.__call__": lambda: {
        "self": mapped(),
        "vectors": floats(3, 5),
        "middle": floats(5, seed=1),
    },
    "rectified_flow.sentence_map": lambda: {
        "model": tiny()[0],
        "texts": ["a red cat", "a blue dog"],
        "ridge": 0.5,
    },
    "rectified_flow.agreement": lambda: {
        "model": tiny()[0],
        "pixels": paintings(),
        "texts": ["a red cat", "a blue dog"],
    },
    "rectified_flow.best_of": lambda: {
        "model": tiny()[0],
        "pixels": paintings(),
        "texts": ["a red cat", "a red cat"],
        "n": 2,
    },
    "rectified_flow.drop_condition": lambda: {
        "condition": floats(7, 3, 5),
        "nothing": floats(3, 5, seed=1),
        "share": 0.1,
        "generator": seeded(),
    },
    "rectified_flow.euler": lambda: {"velocity": pull, "noise": floats(3, 5), "steps": 2},
    "rectified_flow.flow_loss": lambda: {
        "velocity": pull,
        "clean": floats(3, 5),
        "generator": seeded(),
        "times": torch.tensor([0.25, 0.5, 0.75]),
    },
    "rectified_flow.guided_velocity": lambda: {
        "with_prompt": floats(3, 5),
        "without": floats(3, 5, seed=1),
        "scale": 3.0,
    },
    "rectified_flow.logit_normal_times": lambda: {
        "n": 3,
        "mean": -0.5,
        "generator": seeded(),
    },
    "rectified_flow.midpoint": lambda: {"velocity": pull, "noise": floats(3, 5), "steps": 2},
    "rectified_flow.pair_wishes": lambda: {"rng": np.random.default_rng(0), "n": 2},
    "rectified_flow.single_wishes": lambda: {
        "rng": np.random.default_rng(0),
        "per_kind": 1,
        "held_out": True,
    },
    "rectified_flow.paint_best": lambda: {
        "painter": painter(),
        "prompts": ["a red cat"],
        "n": 2,
        "generator": seeded(),
        "guidance": 2.0,
        "steps": 1,
    },
    "rectified_flow.read_prompts": lambda: {
        "model": tiny()[0],
        "texts": ["a red cat", "a blue dog"],
        "tokens_of": lambda texts: clip.tokenize(texts, 77),
    },
}
RETRIEVAL = {
    "retrieval.Index.build": lambda: {
        "model": cached_toy(),
        "preprocess": clip.Preprocess(16),
        "source": photographs(),
        "batch": 2,
        "path": "pictures.index",
        "progress": False,
        "threads": 1,
        "model_name": "toy",
    },
    "retrieval.Index.from_features": lambda: {
        "features": floats(3, 24),
        "items": ["a", "b", "c"],
        "model": cached_toy(),
        "preprocess": clip.Preprocess(16),
    },
    "retrieval.Index.open": lambda: {
        "path": saved(built(), "pictures.index"),
        "model": cached_toy(),
        "preprocess": clip.Preprocess(16),
        "mapped": True,
    },
    "retrieval.Index.save": lambda: {"self": built(), "path": "pictures.index"},
    "retrieval.Index.update": lambda: {
        "self": built(),
        "source": photographs()[:2],
        "batch": 2,
        "progress": False,
        "threads": 1,
    },
    "retrieval.Index.vector": lambda: {"self": index(), "query": "a dog"},
    "retrieval.Index.search": lambda: {"self": index(), "query": numbers(128), "k": 3},
    "retrieval.Index.search_many": lambda: {"self": index(), "queries": floats(2, 128), "k": 3},
    "retrieval.Index.compose": lambda: {
        "self": index(),
        "image": Image.fromarray(photographs()[0]),
        "like": "b",
        "plus": ["a dog"],
        "minus": ["a bird", "snow"],
    },
    "retrieval.default_path": lambda: {"folder": "/photos", "model_name": "tiny"},
    "retrieval.approximate.FaissIndex.build": lambda: {
        "index": plain_index(),
        "kind": "ivf",
        "lists": 2,
        "probes": 2,
        "again": 2,
        "seed": 0,
        "threads": 1,
    },
    "retrieval.approximate.FaissIndex.open": lambda: {
        "path": saved(approximate(), "pictures.faiss"),
        "index": plain_index(),
        "mapped": True,
        "probes": 2,
        "again": 2,
        "threads": 1,
    },
    "retrieval.approximate.FaissIndex.save": lambda: {
        "self": approximate(),
        "path": "pictures.faiss",
    },
    "retrieval.shards.Shards.search": lambda: {
        "self": Shards([plain_index(), approximate()]),
        "query": numbers(8),
        "k": 3,
    },
    "retrieval.shards.Shards.search_many": lambda: {
        "self": Shards([plain_index(), approximate()]),
        "queries": floats(2, 8),
        "k": 3,
    },
    "retrieval.approximate.FaissIndex.search": lambda: {
        "self": approximate(),
        "query": numbers(8),
        "k": 3,
    },
    "retrieval.approximate.FaissIndex.search_many": lambda: {
        "self": approximate(),
        "queries": floats(2, 8),
        "k": 3,
    },
    "retrieval.approximate.FaissIndex.measured_recall": lambda: {
        "self": approximate(),
        "queries": numbers(2, 8),
        "k": 3,
    },
}
SIMILARITY = {
    "fusion.late_fusion": lambda: {"logits": [floats(3, 5), floats(3, 5, seed=1)]},
    "images.open_rgb": lambda: {"file": photo(), "at_least": 4},
    "similarity.l2_normalize": lambda: {"x": floats(3, 5), "dim": 1, "eps": 1e-12},
    "similarity.paired_cosine": lambda: {"a": floats(3, 5), "b": floats(3, 5, seed=1)},
    "similarity.cosine_matrix": lambda: {"a": numbers(3, 5), "b": numbers(4, 5, seed=1)},
    "similarity.nearest": lambda: {"q": floats(2, 5), "x": floats(4, 5, seed=1), "k": 3},
}
FEW_SHOT = {
    "few_shot.ImageClassifier": lambda: {"tower": nn.Flatten(), "head": head()},
    "few_shot.LearnedContext": lambda: {
        "model": tiny()[0],
        "names": ["bird", "dog", "bus"],
        "length": 2,
        "generator": torch.Generator().manual_seed(0),
    },
    "few_shot.LinearProbe.__call__": lambda: {"self": head(), "features": floats(7, 3)},
    "few_shot.add_lora": lambda: {
        "model": layer(),
        "rank": 2,
        "alpha": 3.0,
        "generator": torch.Generator().manual_seed(0),
    },
    "few_shot.few_shot_split": lambda: {
        "labels": torch.tensor([1, 0, 1, 1, 0]),
        "k": 2,
        "rng": rng(),
    },
    "few_shot.fine_tune": lambda: {
        "tower": nn.Flatten(),
        "head": head(),
        "images": floats(5, 3, 1, 1),
        "labels": torch.tensor([1, 0, 1, 1, 0]),
        "steps": 1,
        "batch": 3,
        "lr": 0.01,
        "generator": torch.Generator().manual_seed(0),
    },
    "few_shot.interpolate": lambda: {
        "zero_shot_state": {"w": floats(3, 5)},
        "fine_tuned_state": {"w": floats(3, 5, seed=1)},
        "alpha": 0.25,
    },
    "few_shot.learn_context": lambda: {
        "context": context(),
        "features": floats(5, 128),
        "labels": torch.tensor([1, 0, 1, 1, 0]),
        "steps": 1,
        "lr": 0.01,
    },
    "few_shot.linear_probe": lambda: {
        "features": floats(5, 3),
        "labels": torch.tensor([1, 0, 1, 1, 0]),
        "l2": 0.5,
        "towards": floats(3, 2, seed=1),
        "weights": torch.tensor([1.0, 0.5, 2.0, 1.0, 0.0]),
    },
    "few_shot.merge_lora": lambda: {
        "model": few_shot.add_lora(layer(), 2, 3.0, generator=torch.Generator().manual_seed(0))
    },
    "few_shot.tip_adapter": lambda: {
        "features": floats(7, 5),
        "keys": floats(3, 5, seed=1),
        "one_hot": torch.eye(3)[:, :2],
        "zero_shot_logits": floats(7, 2, seed=2),
        "alpha": 1.5,
        "beta": 5.5,
    },
}
SMALL = {
    "small.SmallCLIP": lambda: {
        "words": ["a", "cat", "dog"],
        "dim": 5,
        "generator": torch.Generator().manual_seed(0),
    },
    "small.SmallCLIP.encode_image": lambda: {
        "self": small_clip(),
        "images": floats(3, 3, 32, 32),
    },
    "small.SmallCLIP.encode_text": lambda: {
        "self": small_clip(),
        "texts": ["a cat", "a red dog"],
    },
    "small.kind_accuracy": lambda: {"model": small_clip(), "exam": drawn()},
    "small.stored_adaptations": lambda: {
        "path": stored(
            small.Adaptation, "tiny,sketch,full,4,0.001,0,1.0,0.5,0.5,0.25,0.75,2.5,100"
        )
    },
    "small.stored_bindings": lambda: {"path": stored(small.Binding, "0.25,1,0.5,0.5,0.75")},
    "small.stored_dictations": lambda: {"path": stored(small.Dictation, "0,20,0.5,0.25,0.5")},
    "small.stored_paintings": lambda: {"path": stored(small.Painting, "96,0.5,0.5,0.75,8,0.5")},
    "small.stored_shots": lambda: {
        "path": stored(small.Shot, "whole,pictures,0,shown,1,0.5,0.5,0.5,0.25,8")
    },
    "small.stored_samplings": lambda: {
        "path": stored(small.Sampling, "euler,8,3.0,1,0.5,0.9,0.9,0.1,0.4,0.0,30.5,42")
    },
    "small.stored_searches": lambda: {
        "path": stored(small.Searched, "1000,ivf,4,0.5,0.5,20,10,0.5")
    },
    "small.stored_tries": lambda: {"path": stored(small.Try, "1.0,4,0,5,cat,dog,1,cat,0.5")},
    "small.stored_watchings": lambda: {
        "path": stored(small.Watching, f"no sound,as trained,1,{','.join(['0.5'] * 9)},1000")
    },
    "small.stored_hearings": lambda: {"path": stored(small.Hearing, "pictures,1,0.75,0.5")},
    "small.stored_heard_paintings": lambda: {
        "path": stored(small.HeardPainting, "test,as it is,0.1,1,0.5,0.75,0.25,42")
    },
    "small.stored_matches": lambda: {
        "path": stored(small.Match, "softmax,8,0.01,5000,0.0,1,0.5,0.25")
    },
    "small.stored_minutes": lambda: {"path": stored(small.Minute, "1,1.25,0.5,0.75")},
    "small.stored_runs": lambda: {"path": table()},
    "small.temperature_run": lambda: {
        "practice": drawn(),
        "exam": drawn(),
        "temperature": 0.1,
        "seed": 0,
        "steps": 1,
    },
}
TOKENIZER = {
    "tokenizer.BPE": lambda: {"merges": [("c", "a"), ("ca", "t</w>")]},
    "tokenizer.BPE.train": lambda: {"texts": ["ban ban can", "can"], "vocab_size": 517},
    "tokenizer.BPE.encode": lambda: {"self": tokenizer.BPE(), "text": "two birds"},
    "tokenizer.BPE.decode": lambda: {"self": tokenizer.BPE(), "ids": [71, 328]},
    "tokenizer.WordTokens": lambda: {"words": ["a", "cat", "dog"]},
    "tokenizer.WordTokens.__call__": lambda: {
        "self": tokenizer.WordTokens(["a", "cat", "dog"]),
        "texts": ["a cat", "dog"],
    },
    "tokenizer.WordTokens.decode": lambda: {
        "self": tokenizer.WordTokens(["a", "cat", "dog"]),
        "numbers": [1, 3, 5, 2],
    },
    "tokenizer.clip_vocabulary": dict,
    "tokenizer.tokenize": lambda: {
        "texts": ["a bird", "a dog"],
        "context_length": 9,
        "truncate": False,
    },
    "unknown_words.never_seen": lambda: {"model": tiny()[0], "texts": ["a cute cat"]},
    "unknown_words.unknown_words": lambda: {
        "text": "cat, cab, dog",
        "vocabulary": tokenizer.clip_vocabulary(),
        "known": tokenizer.clip_vocabulary().encode("cat dog"),
    },
}
TRAIN = {
    "train.fit": fitted,
    "train.fit_projections": lambda: {
        "image_features": floats(7, 5),
        "text_features": floats(7, 4, seed=1),
        "dim": 3,
        "loss_fn": losses.clip_loss,
        "steps": 2,
        "batch": 5,
        "lr": 0.01,
        "scale": 7.0,
        "also": [],
        "generator": torch.Generator().manual_seed(0),
    },
    "train.optimizers": lambda: {
        "model": layer(),
        "lr": 0.01,
        "weight_decay": 0.1,
        "scale_lr": 0.02,
        "muon_lr": None,
    },
}
TRANSFORMER = {
    "transformer.SelfAttention": lambda: {"width": 8, "heads": 2},
    "transformer.ResidualAttentionBlock": lambda: {"width": 8, "heads": 2},
    "transformer.Transformer": lambda: {"width": 8, "layers": 1, "heads": 2},
    "transformer.causal_mask": lambda: {"tokens": 5},
}
WORLD = {
    "world.Film.pictures": lambda: {
        "self": world.film(scene(), rng(), 4, sr=8000),
        "size": 16,
    },
    "world.Scene": lambda: {
        "setting": "meadow",
        "objects": (cat(),),
        "style": "flat",
        "aspect": 1.5,
        "look": 3,
    },
    "world.Scene.side": lambda: {"self": scene(), "thing": cat()},
    "world.TextPrior": lambda: {
        "scenes": [scene(), scene("snow")],
        "full": False,
        "recolour": False,
    },
    "world.TextPrior.logprob": lambda: {"self": prior(), "text": "a grassy meadow"},
    "world.Thing": lambda: {
        **CAT,
        "facing": "left",
        "word": "",
        "contrast": 1.0,
        "cover": 0.0,
        "look": 3,
    },
    "world.bayes_loss": lambda: {"scores": numbers(3, 3)},
    "world.caption": lambda: {"scene": scene(), "rng": rng(), "full": False},
    "world.caption_logprob": lambda: {
        "scene": scene(),
        "text": "a grassy meadow",
        "full": False,
    },
    "world.Dancer": lambda: {"thing": cat(), "heading": "left", "hops": (2, 5)},
    "world.Duet": lambda: {
        "dancers": dancers(),
        "heard": 1,
        "voice": "bus",
        "setting": "snow",
        "look": 3,
        "luck": 0.25,
    },
    "world.duet_film": lambda: {"duet": duet(), "sr": 8000},
    "world.film_questions": lambda: {"duet": duet()},
    "world.sample_duet": lambda: {"rng": rng(), "split": "test"},
    "world.film": lambda: {"scene": scene(), "rng": rng(), "frames": 4, "sr": 8000},
    "world.log_posterior": lambda: {
        "scenes": [scene(), scene("snow")],
        "texts": ["a grassy meadow", "a snowy landscape"],
        "prior": prior(),
    },
    "world.masks": lambda: {"scene": scene(), "size": 16},
    "world.minimal_pairs": lambda: {"rng": rng(), "n": 2, "kind": "binding", "split": "test"},
    "world.mutual_information": lambda: {
        "scenes": [scene(), scene("snow")],
        "texts": ["a grassy meadow", "a snowy landscape"],
        "prior": prior(),
    },
    "world.questions": lambda: {"scene": scene(), "rng": rng()},
    "world.relation": lambda: {"a": cat(), "b": cat(position=(0.7, 0.6))},
    "world.render": lambda: {"scene": scene(), "size": 16, "style": None},
    "world.sample_scene": lambda: {
        "rng": rng(),
        "n_objects": 1,
        "kinds": ["cat", "dog"],
        "colours": ["red", "blue"],
        "scenes": ["meadow", "snow"],
        "split": "train",
        "style": "flat",
        "aspect": 1.5,
    },
    "world.play": lambda: {"scene": world.sound_scene(rng()), "sr": 8000},
    "world.sound_caption": lambda: {"scene": world.sound_scene(rng())},
    "world.sound_scene": lambda: {
        "rng": rng(),
        "n_kinds": 2,
        "kinds": ["cat", "dog", "bus"],
        "held_out": False,
    },
    "world.sound_words": dict,
    "world.sound": lambda: {"scene": scene(), "rng": rng(), "sr": 8000},
    "world.swap_attributes": lambda: {"text": "a red cat and an orange dog"},
}
VQA = {
    "vqa.CrossAttentionVQA": lambda: {"dim": 5, "places": 4, "width": 32, "layers": 1},
    "vqa.CrossAttentionVQA.forward": lambda: {
        "self": layer(lambda: vqa.CrossAttentionVQA(5, 4, width=32, layers=1)),
        "grid": floats(2, 4, 5),
        "questions": asked(),
    },
    "vqa.PooledVQA": lambda: {"dim": 5, "width": 32, "layers": 1},
    "vqa.PooledVQA.forward": lambda: {
        "self": layer(lambda: vqa.PooledVQA(5, width=32, layers=1)),
        "pooled": floats(2, 5),
        "questions": asked(),
    },
    "vqa.QuestionOnly": lambda: {"width": 32, "layers": 1},
    "vqa.QuestionOnly.forward": lambda: {
        "self": layer(lambda: vqa.QuestionOnly(width=32, layers=1)),
        "questions": asked(),
    },
    "vqa.answer_numbers": lambda: {"answers": ["cat", "no"]},
    "vqa.asked_about": lambda: {
        "scene": scene(),
        "question": world.Question("colour", "what colour is the dog?", "blue"),
    },
    "vqa.question_tokens": dict,
    "vqa.reply_to": lambda: {
        "model": layer(lambda: vqa.CrossAttentionVQA(5, 4, width=32, layers=1)),
        "grid": floats(1, 4, 5),
        "question": "what colour are the cats?",
    },
    "vqa.statements": lambda: {"question": "is there a cat?"},
    "vqa.touches": lambda: {
        "attention": floats(2, 9).softmax(1),
        "masks": torch.from_numpy(numbers(2, 6, 6) < 0.5),
    },
    "vqa.touching_chance": lambda: {"masks": numbers(2, 6, 6) < 0.5, "places": 9},
    "vqa.understood": lambda: {"question": "what color is the cat?"},
    "vqa.zero_shot_answers": lambda: {
        "model": tiny()[0],
        "image_features": floats(2, 128),
        "questions": ["is there a cat?", "what colour is the car?"],
    },
}
ZEROSHOT = {
    "zeroshot.build_classifier": lambda: {
        "model": tiny()[0],
        "names": ["bird", "dog", "bus"],
        "templates": ["{}", "a photo of a {}."],
    },
    "zeroshot.build_image_classifier": lambda: {
        "names": ["bird", "dog", "bus"],
        "model": tiny()[0],
        "preprocess": tiny()[1],
        "templates": ["{}", "a photo of a {}."],
    },
    "zeroshot.ensemble": lambda: {
        "image_features": floats(2, 5),
        "classifiers": [torch.eye(5)[:, :3], torch.eye(5)[:, 1:4]],
        "scale": 7.0,
    },
    "zeroshot.probabilities": lambda: {
        "image_features": floats(2, 5),
        "classifier": torch.eye(5)[:, :3],
        "scale": 7.0,
    },
}
SPEECH = {
    "speech.SpeechEncoder": lambda: {"mels": 5, "units": 28, "width": 36, "layers": 1},
    "speech.SpeechEncoder.forward": lambda: {
        "self": listener(),
        "mels": floats(2, 5, 13),
        "frames": torch.tensor([13, 7]),
    },
    "speech.beam": lambda: {
        "logits": floats(2, 5, 28),
        "steps": torch.tensor([5, 3]),
        "k": 2,
    },
    "speech.collapse": lambda: {"path": [0, 3, 3, 0, 4]},
    "speech.ctc_loss": lambda: {
        "logits": floats(2, 7, 5),
        "steps": torch.tensor([7, 6]),
        "letters": torch.tensor([[1, 3, 3], [4, 2, 0]]),
        "lengths": torch.tensor([3, 2]),
    },
    "speech.from_levels": lambda: {"levels": torch.tensor([[0, 138]], dtype=torch.uint8)},
    "speech.greedy": lambda: {"logits": floats(2, 5, 28), "steps": torch.tensor([5, 3])},
    "speech.levels": lambda: {"log_mels": floats(5, 3)},
    "speech.padded": lambda: {"log_mels": [floats(5, 13), floats(5, 7)]},
    "speech.plain": lambda: {"text": "A red cat."},
    "speech.recognise": lambda: {
        "model": listener(),
        "log_mels": [floats(5, 13), floats(5, 7)],
        "k": 2,
    },
    "speech.snap": lambda: {"text": "a rad cat", "words": ["a", "cat", "red"]},
    "speech.spelled": lambda: {"texts": ["a red cat", "a car"]},
    "speech.stored_recordings": lambda: {"part": "train"},
    "speech.transcribe": lambda: {"wave": numbers(4_000), "sr": 16_000},
    "speech.written": lambda: {"numbers": [2, 1, 4]},
}
VIDEO = {
    "video.Films.rows": lambda: {"self": shown(), "rows": [1, 0]},
    "video.FrameEncoder": lambda: {"width": 8},
    "video.FrameEncoder.forward": lambda: {
        "self": layer(lambda: video.FrameEncoder(8)).eval(),
        "pictures": shown().pictures,
    },
    "video.PieceEncoder": lambda: {"width": 8},
    "video.PieceEncoder.forward": lambda: {
        "self": layer(lambda: video.PieceEncoder(8)).eval(),
        "sounds": shown().sounds,
    },
    "video.VideoQA": lambda: {"width": 32, "layers": 1},
    "video.VideoQA.forward": lambda: {
        "self": watcher(),
        "pictures": shown().pictures,
        "sounds": shown().sounds,
        "questions": video.film_tokens()(FILM_QUESTIONS)[:, None],
    },
    "video.VideoQA.reply": lambda: {
        "self": watcher(),
        "film": floats(2, 20, 32),
        "questions": video.film_tokens()(FILM_QUESTIONS)[:, None],
    },
    "video.VideoQA.watch": lambda: {
        "self": watcher(),
        "pictures": shown().pictures,
        "sounds": shown().sounds,
    },
    "video.asked": lambda: {"films": shown(), "kind": "colour", "named": False},
    "video.dubbed": lambda: {"films": shown()},
    "video.film_answer_numbers": lambda: {"answers": ["cat", "no"]},
    "video.film_tokens": dict,
    "video.films": lambda: {"n": 2, "seed": 3, "split": "test"},
    "video.films_of": lambda: {"duets": [duet()]},
    "video.frozen": lambda: {"films": shown(), "frame": 3},
    "video.late": lambda: {"films": shown(), "frames": 3},
    "video.pieces": lambda: {"wave": (1e4 * numbers(9_000)).astype(np.int16), "frames": 5},
    "video.quiz": lambda: {"films": shown(), "named": False, "leave_out": "voice"},
    "video.reply": lambda: {
        "model": watcher(),
        "films": shown(),
        "questions": FILM_QUESTIONS,
    },
    "video.right": lambda: {"model": watcher(), "films": shown(), "named": False},
    "video.shuffled": lambda: {"films": shown(), "rng": rng()},
    "video.silent": lambda: {"films": shown()},
    "video.unseen": lambda: {"films": shown()},
}
FLAMINGO = {
    "flamingo.Album": lambda: {
        "grids": floats(2, 3, 5),
        "scenes": [world.Scene(setting=each, objects=(cat(),)) for each in ("meadow", "snow")],
    },
    "flamingo.Album.count": lambda: {"self": shown_things(), "thing": ("cat", "red")},
    "flamingo.Album.pick": lambda: {
        "self": shown_things(),
        "things": [("cat", "red"), ("boat", "blue")],
        "rng": rng(),
    },
    "flamingo.Album.show": lambda: {"self": shown_things(), "rows": [[0, 3], [5, 1]]},
    "flamingo.Flamingo": lambda: {
        "language": flamingo.GameLanguageModel(32, 1),
        "sight": flamingo.Sight(5, 3, width=32, layers=1),
    },
    "flamingo.Flamingo.forward": lambda: {
        "self": looker(),
        "tokens": document(),
        "pictures": floats(2, 2, 3, 5),
    },
    "flamingo.GameLanguageModel": lambda: {"width": 32, "layers": 1, "taps": 2},
    "flamingo.GameLanguageModel.forward": lambda: {
        "self": looker().language,
        "tokens": document(),
        "look": lambda number, x: x,
    },
    "flamingo.GatedCrossAttention": lambda: {"width": 8, "heads": 2},
    "flamingo.GatedCrossAttention.forward": lambda: {
        "self": layer(lambda: flamingo.GatedCrossAttention(8, 2)),
        "x": floats(2, 5, 8),
        "seen": floats(2, 3, 8),
        "may": floats(2, 5, 3) > 0,
    },
    "flamingo.Question.document": lambda: {
        "self": exam()[0],
        "told": [("cat", "red"), ("car", "red"), ("cat", "blue")],
    },
    "flamingo.Resampler": lambda: {"dim": 5, "places": 3, "width": 8, "latents": 2},
    "flamingo.Resampler.forward": lambda: {
        "self": layer(lambda: flamingo.Resampler(5, 3, width=8)),
        "grid": floats(2, 3, 5),
    },
    "flamingo.ShortConvolution": lambda: {"width": 5, "taps": 3},
    "flamingo.Sight": lambda: {
        "dim": 5,
        "places": 3,
        "width": 32,
        "layers": 1,
        "latents": 2,
    },
    "flamingo.WordGame.label": lambda: {"self": game(), "thing": ("car", "red")},
    "flamingo.WordGame.things": lambda: {"self": game(), "word": "dax"},
    "flamingo.asked": lambda: {
        "model": looker(),
        "album": shown_things(),
        "questions": exam(),
    },
    "flamingo.asked_in_words": lambda: {
        "model": looker(),
        "questions": exam(),
        "told": [each.things for each in exam()],
    },
    "flamingo.best_possible": lambda: {"shots": 1},
    "flamingo.chance_of_first": lambda: {
        "examples": [(0, 0, 0), (1, 0, 1)],
        "asked": (1, 0),
    },
    "flamingo.chunk": lambda: {"said": "is dax", "thing": ("cat", "red")},
    "flamingo.document_loss": lambda: {
        "logits": floats(2, 5, len(flamingo.game_words())),
        "tokens": document(),
        "others": 0.5,
    },
    "flamingo.draw_game": lambda: {
        "rng": rng(),
        "kinds": ["cat", "car", "boat"],
        "there": lambda thing: thing[1] != "red",
    },
    "flamingo.draw_questions": lambda: {
        "n": 2,
        "shots": 1,
        "album": shown_things(),
        "kinds": ["cat", "boat"],
        "rng": rng(),
    },
    "flamingo.draw_things": lambda: {"game": game(), "n": 3, "rng": rng()},
    "flamingo.game_words": dict,
    "flamingo.interleave": lambda: {"tokens": document()},
    "flamingo.load_flamingo": dict,
    "flamingo.name_pictures": lambda: {
        "model": looker(),
        "album": shown_things(),
        "rows": [3, 0],
    },
    "flamingo.own_picture": lambda: {"tokens": document(), "pictures": 2},
    "flamingo.picture_document": lambda: {
        "rng": rng(),
        "kinds": ["cat", "car", "boat"],
        "there": lambda thing: thing[1] != "red",
        "named": 0.5,
    },
    "flamingo.right_of_all": lambda: {
        "logits": floats(2, len(flamingo.game_words())),
        "questions": exam(),
    },
    "flamingo.right_of_two": lambda: {
        "logits": floats(2, len(flamingo.game_words())),
        "questions": exam(),
    },
    "flamingo.shuffled": lambda: {"question": exam()[0], "rng": rng()},
    "flamingo.text_document": lambda: {"rng": rng(), "bind": False},
    "flamingo.tokens_of": lambda: {"documents": ["<image> is dax", "red cat"]},
}
GOOD_CALLS: dict[str, Callable[[], Call]] = {
    **ATTENTION, **AUDIO, **AUTOENCODER, **CAPTIONING, **CHECKPOINTS, **CLIP, **CODEBOOK,
    **DATA, **FEW_SHOT, **FLAMINGO, **FOREIGN, **LESSON, **LOSSES, **METRICS, **PICTURE_WORDS,
    **PLOTS, **RECORDINGS,
    **RECTIFIED_FLOW, **RETRIEVAL, **SIMILARITY, **SMALL, **SPEECH, **TOKENIZER, **TRAIN,
    **TRANSFORMER, **VIDEO, **VQA, **WORLD, **ZEROSHOT,
}  # fmt: skip

RECORD = "a record that our own functions fill in; its constructor asks nothing"
TOLD = "a command: it answers with an exit status, and its tests read what it says"
MADE = "made by `build`, `open` or `from_features`, which ask"
EXEMPT = {
    **dict.fromkeys(
        (
            "captioning.AltText", "captioning.Said", "checkpoints.Entry",
            "codebook.Quantised", "data.Pairs", "flamingo.Question", "flamingo.WordGame",
            "judge.Verdict", "metrics.CaptionTruth", "metrics.Difference", "metrics.Gap",
            "metrics.ErrorRate", "metrics.Interval", "metrics.MeanInterval",
            "metrics.Winoground", "recordings.Recording", "retrieval.Hit",
            "picture_words.Surprise", "rectified_flow.Wish", "retrieval.Skipped",
            "small.Adaptation", "small.Binding", "small.Dictation",
            "small.HeardPainting", "small.Hearing", "small.Match", "small.Minute",
            "small.Painting", "small.Sampling",
            "small.TemperatureRun", "small.Try", "small.Watching", "speech.Heard",
            "speech.Recording",
            "train.History", "train.Projections", "video.Films", "vqa.Reply", "world.Calls",
            "world.Film",
            "small.Painting", "small.Sampling", "small.Searched", "small.Shot",
            "small.TemperatureRun", "small.Try", "speech.Heard", "speech.Recording",
            "train.History", "train.Projections", "vqa.Reply", "world.Calls", "world.Film",
            "world.Information", "world.MinimalPair", "world.Question", "world.SoundScene",
        ),
        RECORD,
    ),
    **dict.fromkeys(
        (
            "autoencoder.ResidualBlock.forward", "clip.CLIP.forward",
            "codebook.PictureTokenizer.forward", "picture_words.PictureWords.forward",
            "picture_words.PictureWords.say_first", "picture_words.PictureWords.say_second",
            "picture_words.PictureWords.say_word", "picture_words.SecondCode.forward",
            "picture_words.both_ways_loss",
            "few_shot.ImageClassifier.forward", "few_shot.LearnedContext.forward",
            "flamingo.ShortConvolution.forward",
            "transformer.LayerNorm.forward", "transformer.QuickGELU.forward",
            "transformer.ResidualAttentionBlock.forward", "transformer.SelfAttention.forward",
            "transformer.Transformer.forward", "transformer.Transformer.with_attention",
        ),
        "a module's own pass: called at every step of training, it asks nothing",
    ),
    "few_shot.LinearProbe": "a record, which `fine_tune` and its own call ask",
    **dict.fromkeys(
        (
            "ask.main", "caption.main", "draw.main", "indexes.main", "listen.main",
            "probe.main", "search.main",
        ),
        TOLD,
    ),
    "similarity.unit": "for inner use: what calls it has asked",
    "autoencoder.require_places": "a refusal itself",
    "autoencoder.ResidualBlock": "a part of `Autoencoder`, which alone makes one",
    "judge.load_judge": "takes nothing; `restore`, which it calls, is asked",
    "codebook.load_tokenizer": "takes a device; `restore`, which it calls, is asked",
    "picture_words.SecondCode": "a part of `PictureWords`, which alone makes one",
    "picture_words.Speller": "a record of two parts, which `paint` and `tell` ask",
    "picture_words.load_speller": "takes a device, as `load_tokenizer` does",
    "rectified_flow.Painter": "a record of three parts, which `paint` asks",
    "rectified_flow.SentenceMap": "made by `sentence_map`, which asks",
    "rectified_flow.load_painter": "takes a device; `clip.load`, which it calls, is asked",
    "retrieval.Index": MADE,
    "retrieval.approximate.FaissIndex": MADE,
    "retrieval.shards.Shards": "takes a list of indexes; its own tests pass what does not fit",
    "probe.probe": "it takes seconds; its own tests and the list of refusals pass wrong values",
    "small.temperature_pictures": "takes nothing, and a second; a script calls it",
}  # fmt: skip
"""Public names without a good call, each with its reason."""
