"""Sound: what a recording looks like to a model."""

from mmcourse.audio.spectrogram import hz_to_mel, log_mel, mel_filterbank, mel_to_hz

__all__ = ["hz_to_mel", "log_mel", "mel_filterbank", "mel_to_hz"]
