"""The pages of the site, as the text that Sphinx reads; `build_site.py` puts them together.

Read `addresses` (what becomes which page), `links`, `documents`, `notebooks`, `front`; `mathml`
is what Sphinx asks to write formulas. A maker is a module with `pages(root)`: it returns the
MyST text of each of its pages, by where it stands in the folder that Sphinx reads. It reads the
repository under `root` and writes nothing.
"""
