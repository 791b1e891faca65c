"""What there is: the world's words, a scene of it, and how scenes are chosen and arranged.

`vocabulary` names what there can be, `scene` is one; `sampling` chooses what is in it and
`placement` where. All chance comes from `randomness`.
"""
