"""What the picture tokenizer and the transformer of its codes can do, on scenes for testing.

Each number is a share with the number of answers behind it.
"""

import numpy as np
import torch
from measure_captions import captioned
from measure_pictures import SEED, Shares, drawn, fit_scenes, judged, right, share, texts
from torch import Tensor

from mmcourse.autoencoder import Autoencoder, as_images, as_pixels
from mmcourse.clip import CLIP
from mmcourse.codebook.tokenizer import CODES, EACH, PictureTokenizer
from mmcourse.judge import Judge, load_judge, truth
from mmcourse.picture_words import Speller, spell_best
from mmcourse.rectified_flow import single_wishes


@torch.no_grad()
def measure_tokenizer(
    tokenizer: PictureTokenizer, autoencoder: Autoencoder, n: int = 2000
) -> Shares:
    """Return what the judge still sees in pictures that were spelled, beside folded ones."""
    judge, scenes = load_judge(), fit_scenes(n, 1, "test")
    images, wanted = as_images(drawn(scenes)), [truth(scene) for scene in scenes]
    codes = torch.cat([tokenizer.encode(part) for part in images.split(250)])
    spelled = torch.cat([tokenizer.decode(part) for part in codes.split(250)])
    folded = torch.cat(
        [autoencoder.decode(autoencoder.encode(part)) for part in images.split(250)]
    )
    found: Shares = {"pixels within 5 %": _near(spelled, images)}
    for name, pictures in (("", spelled), ("folded ", folded), ("drawn ", images)):
        verdicts = judge.verdicts(as_pixels(pictures))
        for part in ("kind", "colour"):
            found[name + part] = share(right(verdicts, wanted, (part,)))
    used = torch.stack(
        [torch.bincount(codes[..., of].flatten(), minlength=CODES) > 0 for of in range(EACH)]
    )
    found["codes used"] = share(used.flatten())
    return found


def measure_words(speller: Speller, reader: CLIP, judge: Judge, samplings: int = 4) -> Shares:
    """Return how often a prompt is met, by the judge, and how much of a caption is true."""
    rng = np.random.default_rng([SEED, 16])
    generator = torch.Generator().manual_seed(SEED)
    wishes, unmet = single_wishes(rng, 8), single_wishes(rng, 4, held_out=True)
    spelled = speller.paint(texts(wishes * samplings), generator=generator)
    found = judged(judge, spelled, wishes)
    best = spell_best(speller, reader, texts(wishes), 8, generator=generator)
    found |= judged(judge, best, wishes, " (best of 8)")
    spelled = speller.paint(texts(unmet * samplings), generator=generator)
    found |= {f"held-out {name}": each for name, each in judged(judge, spelled, unmet).items()}
    return found | measure_telling(speller)


def measure_telling(speller: Speller, n: int = 2000) -> Shares:
    """Return which facts of captions are true, and which of the scenes' facts are told."""
    scenes = fit_scenes(n, 1, "test")
    found = captioned(speller.tell(torch.from_numpy(drawn(scenes))), scenes)
    kept = [name for name in found if not name.startswith(("right", "exact sentence, "))]
    return {name: (round(found[name][0], 4), found[name][1]) for name in kept}


def _near(found: Tensor, wanted: Tensor) -> tuple[float, int]:
    """Return the share of pixels whose numbers all come back nearly the same."""
    near = (found - wanted).abs().amax(1) < 0.1
    return round(near.double().mean().item(), 4), near.numel()
