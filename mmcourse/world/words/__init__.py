"""What is said of it: captions, questions, minimal pairs, and how likely each text is.

`facts` are what can be said; `grammar`, `nouns`, `places` and `phrases` how; `caption` says it,
`question` asks. `minimal_pairs` tell `twins` apart in a `pair_wording`. `text_prior` and `posterior`
weigh texts.
"""
