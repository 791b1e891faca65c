"""Sounds that are not of the drawn world: music, noise, talk and machines, made by arithmetic.

Three seconds each, at 16,000 samples a second, in [-1, 1]. None of them was used to find the
border; half of the kinds may be looked at when it is chosen, the others are for the test.
"""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

SR, SECONDS = 16_000, 3
N = SR * SECONDS
SCALE = (0, 2, 4, 5, 7, 9, 11, 12)
Wave = np.ndarray
Rng = np.random.Generator


def _note(rng: Rng, low: float = 110) -> float:
    """Return the frequency of a note of a major scale, in Hz."""
    return low * 2 ** ((int(rng.integers(0, 2)) * 12 + SCALE[rng.integers(len(SCALE))]) / 12)


def _time() -> Wave:
    return np.arange(N) / SR


def _lay(parts: list[tuple[float, Wave]]) -> Wave:
    total = np.zeros(N)
    for start, part in parts:
        first = int(start * SR)
        stretch = total[first : first + len(part)]
        stretch += part[: len(stretch)]
    return total


def _decay(seconds: float, half_life: float) -> Wave:
    t = np.arange(int(seconds * SR)) / SR
    return np.minimum(1, t / 0.005) * 0.5 ** (t / half_life)


def _band(wave: Wave, low: float, high: float) -> Wave:
    return sosfilt(butter(2, (low, high), "bandpass", fs=SR, output="sos"), wave)


def plucked(rng: Rng) -> Wave:
    """Return a melody on a string (Karplus and Strong, Computer Music Journal 1983)."""
    parts, step = [], rng.uniform(0.18, 0.35)
    for beat in range(int(SECONDS / step)):
        period = int(SR / _note(rng, 130))
        burst = np.zeros(int(0.8 * SR))
        burst[:period] = rng.uniform(-1, 1, period)
        comb = np.zeros(period + 2)
        comb[0], comb[period], comb[period + 1] = 1, -0.497, -0.497
        parts.append((beat * step, lfilter([1], comb, burst)))
    return _lay(parts)


def organ(rng: Rng) -> Wave:
    """Return chords that change every second or so."""
    parts, step = [], rng.uniform(0.6, 1.5)
    t = np.arange(int(step * SR)) / SR
    for beat in range(int(np.ceil(SECONDS / step))):
        root = _note(rng)
        chord = sum(
            np.sin(2 * np.pi * root * ratio * k * t) / k
            for ratio in (1, 1.26, 1.5)
            for k in (1, 2, 4, 8)
        )
        parts.append((beat * step, chord * np.minimum(1, np.minimum(t, t[-1] - t) / 0.03)))
    return _lay(parts)


def chimes(rng: Rng) -> Wave:
    """Return bells by frequency modulation (Chowning, Journal of the AES 1973)."""
    parts = []
    for start in np.arange(0, SECONDS, rng.uniform(0.12, 0.3)):
        pitch, fade = _note(rng, 440), _decay(1.2, 0.25)
        t = np.arange(len(fade)) / SR
        wobble = 2 * fade * np.sin(2 * np.pi * 1.4 * pitch * t)
        parts.append((start, fade * np.sin(2 * np.pi * pitch * t + wobble)))
    return _lay(parts)


def drums(rng: Rng) -> Wave:
    """Return a beat of bass drum, snare and cymbal."""
    step, parts = 60 / rng.uniform(90, 150) / 2, []
    for beat in range(int(SECONDS / step)):
        fade = _decay(0.3, 0.04)
        t = np.arange(len(fade)) / SR
        hiss = rng.uniform(-1, 1, len(fade)) * fade
        parts.append((beat * step, 0.3 * np.diff(hiss, prepend=0)))
        if beat % 4 == 0:
            parts.append((beat * step, 2 * fade * np.sin(2 * np.pi * 60 * t * (1 + 3 * fade))))
        if beat % 4 == 2:
            parts.append((beat * step, hiss))
    return _lay(parts)


def bass_line(rng: Rng) -> Wave:
    """Return a sawtooth under a filter that opens and shuts."""
    step = rng.uniform(0.12, 0.25)
    pitch = np.repeat([_note(rng, 55) for _ in range(int(SECONDS / step) + 1)], int(step * SR))
    saw = 2 * (np.cumsum(pitch[:N]) / SR % 1) - 1
    wet, dry = _band(saw, 200, 1500), _band(saw, 40, 300)
    sweep = 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(0.3, 2) * _time()[: len(saw)])
    out = np.zeros(N)
    out[: len(saw)] = sweep * wet + dry
    return out


def choir(rng: Rng) -> Wave:
    """Return many voices that hold one chord."""
    t, total = _time(), np.zeros(N)
    root = _note(rng)
    for _ in range(24):
        pitch = root * rng.choice([1, 1.26, 1.5, 2]) * rng.uniform(0.99, 1.01)
        shake = 0.01 * np.sin(2 * np.pi * rng.uniform(4, 6) * t + rng.uniform(0, 6))
        phase = 2 * np.pi * np.cumsum(pitch * (1 + shake)) / SR + rng.uniform(0, 6)
        total += sum(np.sin(k * phase) / k for k in range(1, 6))
    return total


def white(rng: Rng) -> Wave:
    """Return white noise."""
    return rng.standard_normal(N)


def pink(rng: Rng) -> Wave:
    """Return noise whose power falls as one over the frequency."""
    return _falling(rng, 0.5)


def hum(rng: Rng) -> Wave:
    """Return a mains hum in brown noise."""
    pitch = rng.choice([50, 60])
    tone = sum(np.sin(2 * np.pi * k * pitch * _time()) / k for k in (1, 2, 3, 5))
    return tone + rng.uniform(0.2, 1) * _falling(rng, 1.0)


def crackle(rng: Rng) -> Wave:
    """Return an old record without music."""
    clicks = np.zeros(N)
    clicks[rng.integers(0, N, int(rng.uniform(60, 300)))] = rng.standard_normal()
    return clicks + 0.01 * _falling(rng, 0.5)


def static(rng: Rng) -> Wave:
    """Return a radio between two stations."""
    gate = np.repeat(rng.random(60) < 0.5, N // 60)
    t = _time()
    whistle = np.sin(2 * np.pi * np.cumsum(1500 + 900 * np.sin(2 * np.pi * 0.7 * t)) / SR)
    return np.where(gate, rng.standard_normal(N), 0.1 * rng.standard_normal(N)) + 0.5 * whistle


def applause(rng: Rng) -> Wave:
    """Return a hall that claps."""
    parts = []
    for start in rng.uniform(0, SECONDS, int(rng.uniform(150, 500))):
        fade = _decay(0.03, 0.004)
        parts.append((start, rng.uniform(0.2, 1) * fade * rng.standard_normal(len(fade))))
    return _band(_lay(parts), 500, 5000)


def talk(rng: Rng) -> Wave:
    """Return syllables of vowels and hisses without a word in them."""
    return _talk(rng, rng.uniform(90, 140), 1.0)


def high_talk(rng: Rng) -> Wave:
    """Return the same in a higher voice."""
    return _talk(rng, rng.uniform(180, 260), 1.17)


def whisper(rng: Rng) -> Wave:
    """Return the same without a voice."""
    return _talk(rng, 0, 1.0)


def telephone(rng: Rng) -> Wave:
    """Return talk as a telephone lets it through, with clipping."""
    return np.tanh(5 * _band(_talk(rng, rng.uniform(100, 220), 1.0), 300, 3400))


def siren(rng: Rng) -> Wave:
    """Return a siren that goes up and down."""
    rate = rng.uniform(0.3, 3)
    pitch = 900 + 400 * np.sin(2 * np.pi * rate * _time() + rng.uniform(0, 6))
    phase = 2 * np.pi * np.cumsum(pitch) / SR
    return np.sin(phase) + 0.3 * np.sin(3 * phase)


def modem(rng: Rng) -> Wave:
    """Return bits as two tones."""
    bits = np.repeat(rng.random(N // 53 + 1) < 0.5, 53)[:N]
    phase = 2 * np.pi * np.cumsum(np.where(bits, 2100, 1300)) / SR
    return np.sin(phase)


def _falling(rng: Rng, power: float) -> Wave:
    spectrum = np.fft.rfft(rng.standard_normal(N))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** power
    spectrum[0] = 0
    wave = np.fft.irfft(spectrum, N)
    return wave / wave.std()


def _talk(rng: Rng, pitch: float, mouth: float) -> Wave:
    """Return syllables: a hiss, then a vowel of two resonances, four or five a second."""
    parts, start = [], rng.uniform(0, 0.2)
    while start < SECONDS - 0.3:
        length = rng.uniform(0.12, 0.3)
        t = np.arange(int(length * SR)) / SR
        falling = pitch * (1 + 0.2 * np.sin(2 * np.pi * start / 2) - 0.3 * t)
        source = rng.standard_normal(len(t)) * 0.3
        if pitch:
            source = source * 0.1 + (np.cumsum(falling) / SR % 1) - 0.5
        low, high = mouth * rng.uniform(280, 750), mouth * rng.uniform(850, 2300)
        vowel = _band(source, 0.9 * low, 1.1 * low) + 0.5 * _band(
            source, 0.95 * high, 1.05 * high
        )
        parts.append((start, vowel * np.sin(np.pi * t / length) ** 0.5 / (vowel.std() + 1e-9)))
        if rng.random() < 0.5:
            hiss = _band(rng.standard_normal(int(0.09 * SR)), 2500, 7000)
            parts.append((start - 0.08 if start > 0.1 else start, 0.5 * hiss))
        start += length + (rng.uniform(0.2, 0.5) if rng.random() < 0.2 else 0.01)
    return _lay(parts)


CHOOSING: Mapping[str, Callable[[Rng], Wave]] = {
    "organ": organ,
    "drums": drums,
    "pink noise": pink,
    "crackle": crackle,
    "talk": talk,
    "modem": modem,
}
"""Looked at when the border was chosen."""

TESTING: Mapping[str, Callable[[Rng], Wave]] = {
    "plucked string": plucked,
    "chimes": chimes,
    "bass line": bass_line,
    "choir": choir,
    "white noise": white,
    "hum": hum,
    "static": static,
    "applause": applause,
    "high talk": high_talk,
    "whisper": whisper,
    "telephone": telephone,
    "siren": siren,
}
"""For the test alone."""


def foreign_sounds(kinds: Mapping[str, Callable[[Rng], Wave]], each: int) -> dict[str, Wave]:
    """Return so many recordings of each kind, (n, samples), loudest sample 0.2 to 0.9."""
    found = {}
    for number, (name, make) in enumerate(kinds.items()):
        waves = []
        for take in range(each):
            rng = np.random.default_rng([14, 9, len(kinds), number, take])
            wave = make(rng)
            waves.append(rng.uniform(0.2, 0.9) * wave / np.abs(wave).max())
        found[name] = np.stack(waves).astype(np.float32)
    return found
