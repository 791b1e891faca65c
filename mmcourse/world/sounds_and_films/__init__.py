"""How it sounds and moves: a second of sound, and a film in which things take turns.

`sound` lets each thing call with its voice (`voices`, of `voices_alive` and `voices_things`)
over a bed (`beds`), all made by `synth`; `film` sets the scene in motion. In
`sound_scene` one kind calls after another, or across it; `sound_caption` says so.
"""
