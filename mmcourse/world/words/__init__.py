"""What is said of it: captions, questions, minimal pairs, and how likely each text is.

`facts` are what can be said; `grammar`, `nouns`, `places` and `phrases` how; `caption` says it,
`question` asks. `minimal_pairs` tell `twins` apart, by a `pair_wording` that both share.
`text_prior` and `posterior` weigh texts.
"""
