"""Speech for the recogniser: espeak-ng reads captions of drawn scenes in many voices.

The library comes with the wheel `espeakng-loader` (the extra `speech`; GPL-3, used to make the
material alone, never imported by the course). What it says depends a little on what it said
before, so that each shard is spoken by a process of its own, in a fixed order: then it is the
same to the last bit, but for six voices that breathe. A wrong name of a voice is refused; the
library itself would speak on in the voice before.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Float

SAMPLE_RATE = 16_000
RATE, PITCH, RANGE = 1, 3, 4
"""Numbers of espeak-ng's parameters: words a minute, how high, and how lively."""

SYNCHRONOUS, UTF8, DONT_EXIT = 2, 1, 0x8000

NEW_VOICES = (
    "en-us+Alicia", "en-us+m7", "en-gb-x-rp+f4", "en-us+klatt4", "en-gb-scotland+linda",
)  # fmt: skip
"""For testing alone; their variants are heard in no accent before."""

CHOOSING_VOICES = ("en-us+belinda", "en-gb-x-rp+m6", "en-gb-scotland+f2")
"""For choices; their variants are heard in no accent before, either."""

ACCENTS = (
    "en-us",
    "en-gb-scotland",
    "en-029",
    "en-gb-x-rp",
    "en-gb-x-gbclan",
    "en-gb-x-gbcwmd",
)

ODD = ("Demonic", "Mr serious", "Tweaky", "whisper", "whisperf", "croak", "fast")
"""Variants that hardly anybody understands, or with a name that cannot be said."""


class Espeak:
    """The synthesiser; one a process."""

    def __init__(self) -> None:
        import espeakng_loader

        self.library = ctypes.CDLL(espeakng_loader.get_library_path())
        data = Path(espeakng_loader.get_data_path())
        self.sample_rate = self.library.espeak_Initialize(
            SYNCHRONOUS, 0, str(data.parent).encode(), DONT_EXIT
        )
        if self.sample_rate <= 0:
            raise OSError(f"espeak-ng: expected its data in {data}; found none.")
        self.heard: list[np.ndarray] = []
        kind = ctypes.CFUNCTYPE(
            ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
        )
        self.callback = kind(self._keep)  # kept: the library holds no reference of its own
        self.library.espeak_SetSynthCallback(self.callback)

    def say(
        self, text: str, voice: str, *, rate: int = 170, pitch: int = 50, lively: int = 50
    ) -> Float[np.ndarray, " samples"]:
        """Return a text as sound, float32 in [-1, 1].

        Args:
            text: what is said.
            voice: an accent, or accent+variant.
            rate: words a minute, 80 to 450.
            pitch: 0 to 99.
            lively: how far the pitch moves, 0 to 99.

        Raises:
            ValueError: there is no such voice.
        """
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"Espeak.say: there is no voice {voice!r}.")
        for parameter, value in ((RATE, rate), (PITCH, pitch), (RANGE, lively)):
            self.library.espeak_SetParameter(parameter, value, 0)
        self.heard, said = [], text.encode() + b"\0"
        self.library.espeak_Synth(said, len(said), 0, 0, 0, UTF8, None, None)
        self.library.espeak_Synchronize()
        return np.concatenate(self.heard).astype(np.float32) / 32_768

    def _keep(self, samples: object, count: int, _: object) -> int:
        if samples and count > 0:
            self.heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0


UNSTEADY = ("Alicia", "f2", "f3", "f5", "sandro", "victor")
"""Variants with breath, a noise that is another at every run and that nothing can seed."""


@cache
def training_voices() -> tuple[str, ...]:
    """Return every accent in every variant but those that are kept, in a fixed order."""
    import espeakng_loader

    folder = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    kept = {voice.partition("+")[2] for voice in (*NEW_VOICES, *CHOOSING_VOICES)}
    variants = sorted({path.name for path in folder.iterdir()} - kept - set(ODD))
    both = [f"{accent}+{variant}" for accent in ACCENTS for variant in variants]
    return (*ACCENTS, *both)


@dataclass(frozen=True)
class Spoken:
    """What is to be said, and how.

    Args:
        text: in small letters.
        voice: who says it.
        seed: of what varies besides.
        number: of the scene that it is about, in its split.
    """

    text: str
    voice: str
    seed: tuple[int, ...]
    number: int


def recorded(espeak: Espeak, spoken: Spoken, *, plain: bool) -> Float[np.ndarray, " samples"]:
    """Return a recording at 16 kHz, int16: a voice in a room with some noise.

    Rate, pitch, liveliness, loudness, silence around it and noise vary.

    Args:
        espeak: who speaks.
        spoken: what, and how.
        plain: whether the voice is left as it is; otherwise it is played up to an eighth
            faster or slower, which moves its resonances as another throat would (Ko et al.,
            "Audio augmentation for speech recognition", Interspeech 2015, section 2).
    """
    draw = np.random.default_rng(spoken.seed).random(8)
    wave = espeak.say(
        spoken.text,
        spoken.voice,
        rate=135 + int(75 * draw[0]),
        pitch=20 + int(60 * draw[1]),
        lively=20 + int(60 * draw[2]),
    )
    speed = 1.0 if plain else (9 / 8) ** (2 * draw[3] - 1)
    wave = resampled(wave, round(len(wave) * SAMPLE_RATE / (espeak.sample_rate * speed)))
    loudness = 0.2 * 5 ** draw[4]  # a peak from 0.2 to 1
    wave = wave * (loudness / max(1e-6, float(np.abs(wave).max())))
    before, after = int(3_000 * draw[5]), int(1_500 * draw[6])
    wave = np.pad(wave, (before, after))
    noise = 5e-4 * 40 ** draw[7]  # standard deviations from 0.0005 to 0.02
    wave = wave + noise * _hiss(spoken.seed, len(wave))
    return (32_767 * np.clip(wave, -1, 1)).astype(np.int16)


def resampled(wave: Float[np.ndarray, " samples"], samples: int) -> Float[np.ndarray, " n"]:
    """Return a wave of so many samples: its spectrum is cut off or continued with nothing."""
    spectrum = np.fft.rfft(wave)
    return np.fft.irfft(spectrum, samples) * (samples / len(wave))


def _hiss(seed: tuple[int, ...], samples: int) -> Float[np.ndarray, " samples"]:
    """Return noise with spread 1: twelve times the variance of equal chances is 1."""
    rng = np.random.default_rng([*seed, 1])
    return np.sqrt(12) * (rng.random(samples) - 0.5)
