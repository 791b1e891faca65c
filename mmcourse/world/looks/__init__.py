"""How it looks: a scene becomes a picture, stroke by stroke.

`render` draws it, in one of the `styles`, on a `canvas` whose shapes are `outlines` and whose
colours are `tones`. `kinds` and `backdrops` are what things and places look like, `covers` what
stands in front of a thing, `lettering` what is written on signs, and `variety` what varies
without meaning.
"""
