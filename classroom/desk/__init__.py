"""Where a learner works: JupyterLab, copies of the lessons, progress, a doctor.

Imports the standard library alone, so that it answers where nothing else does.
"""
