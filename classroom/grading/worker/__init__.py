"""What runs inside the sandbox, beside the student's code, and so is believed in nothing.

Needs the standard library, numpy and IPython, and imports nothing else of the course: the
folder is mounted alone. `protocol` is shared with the process outside.
"""
