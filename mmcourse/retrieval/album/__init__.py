"""The machine under an index: which files there are, what is read, encoded, kept and resumed.

`folder` and `sources` say what is searched, `encode` makes vectors of it, `build` puts these
into a `table` and notes each batch in the `journal`; `file` keeps the whole, of which
`catalogue` is all but the vectors. `cluster` encodes on many machines. `kept` lists and clears
what lies in the cache.
"""
