"""Marks that cannot be forged: students' code runs in a sandbox, and is judged outside.

`grade` takes exercises as an argument and imports none. A submission meets neither the
checks nor the references, and its answers come back as numbers, arrays, strings and lists.
Leaves out written answers, which are a person's to mark.
"""

