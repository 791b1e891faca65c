"""What may come in: every argument that is refused is refused here, in one wording.

`signature` lets a function's own annotations be its check: `annotations` reads them, `forms`
and `arrays` ask, of values and of arrays. What no annotation says is asked by name:
`values` for finite numbers, `scalars` for a number's range. `names` says in whose name.
"""
