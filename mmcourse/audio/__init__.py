"""Sound: what a recording looks like to a model, where it lies, and what is said of it.

Read `spectrogram` first: sound as a picture. `tower` makes tokens in time of it, and of these a
vector in the space of pictures and words; `captioner` a sentence. `alike` says which moments
have the same names to the ear, `grain` what a recording is made of.
"""

from mmcourse.audio.alike import heard_facts, naming_recall
from mmcourse.audio.captioner import AudioCaptioner
from mmcourse.audio.grain import grain
from mmcourse.audio.spectrogram import hz_to_mel, log_mel, mel_filterbank, mel_to_hz
from mmcourse.audio.tower import AudioTower, TimeTokens

__all__ = [
    "AudioCaptioner",
    "AudioTower",
    "TimeTokens",
    "grain",
    "heard_facts",
    "hz_to_mel",
    "log_mel",
    "mel_filterbank",
    "mel_to_hz",
    "naming_recall",
]
