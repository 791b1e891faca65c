"""OpenAI's released weights: which there are, and how their files get here, whole.

`releases` lists the nine, `download` keeps their files, `transfer` fetches one address.
"""
