"""Every figure of the course: each says in words what it shows, and needs no display.

`figure` holds the canvas, the colours and `show`, `captions` the words below, `palette` the
files; the others draw one sort of figure each.
Nothing here imports torch: `np.asarray` takes tensors and arrays alike.
"""

from mmcourse.plots.animation import animation
from mmcourse.plots.chains import chains
from mmcourse.plots.chance_bars import chance_bars, draw_chance_bars
from mmcourse.plots.charts import bars, histograms
from mmcourse.plots.curves import lines, panels
from mmcourse.plots.explore import explore
from mmcourse.plots.figure import COLOURS, MARKERS, blank, show
from mmcourse.plots.gallery import pictures
from mmcourse.plots.hover import hover
from mmcourse.plots.letter_track import letter_track
from mmcourse.plots.live import live_lines
from mmcourse.plots.paths import paths
from mmcourse.plots.players import players
from mmcourse.plots.reliability import reliability
from mmcourse.plots.search_box import query_box
from mmcourse.plots.sound_slider import sound_slider
from mmcourse.plots.sounds import sounds
from mmcourse.plots.vectors import arrows, draw_arrows, similarity_matrix
from mmcourse.plots.voice_box import voice_box

__all__ = [
    "COLOURS",
    "MARKERS",
    "animation",
    "arrows",
    "bars",
    "blank",
    "chains",
    "chance_bars",
    "draw_arrows",
    "draw_chance_bars",
    "explore",
    "histograms",
    "hover",
    "letter_track",
    "lines",
    "live_lines",
    "panels",
    "paths",
    "pictures",
    "players",
    "query_box",
    "reliability",
    "show",
    "similarity_matrix",
    "sound_slider",
    "sounds",
    "voice_box",
]
