"""The pages of the site, as the text that Sphinx reads; `build_site.py` puts them together.

Read `addresses` (what becomes which page), `links`, `documents`, `notebooks`, `front`; `mathml`
is what Sphinx asks to write formulas. A maker is a module with `pages(root)`: it returns the
MyST text of each of its pages, by where it stands in the folder that Sphinx reads. It reads the
repository under `root` and writes nothing.

The reference: `workbooks` finds lessons and exercises, `source` reads the package, `wording`
says its types and docstrings in MyST; `uses` goes from a lesson to the names that it uses, and
back. `papers` reads `site/references.bib` and finds who cites what. `meanings` makes the links
in a docstring, `entry` what is said of one name, `api` the pages. `bibliography`, `glossary`
and `claims` are pages of one list each.

`playground` is no maker: it writes a folder of its own, which Sphinx never sees.
"""
