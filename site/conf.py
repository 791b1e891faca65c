"""How Sphinx makes the site of the pages that `build_site.py` puts together.

The names are those that Sphinx asks for. Nothing is run, and no page asks any other place
for anything.
"""

project = "mmcourse"
extensions = ["myst_nb", "sphinx_design", "pages.mathml"]
highlight_language = "text"
suppress_warnings = ["misc.highlighting_failure"]  # the documents show parts of programs

nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_ipywidgets_js: dict[str, dict[str, str]] = {}
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 4
toc_object_entries_show_parents = "hide"

html_theme = "sphinx_book_theme"
html_title = "mmcourse"
html_math_renderer = "mathml"
html_static_path = ["static"]
html_css_files = ["course.css"]
html_favicon = "static/favicon.svg"
html_use_index = False  # the search finds every name
html_copy_source = False
html_theme_options = {
    "max_navbar_depth": 1,  # what unfolds there has no name that is read aloud
    "navbar_persistent": [],
    "use_download_button": False,
    "use_fullscreen_button": False,
    "footer_content_items": [],
    "pygments_light_style": "github-light-high-contrast",
    "pygments_dark_style": "github-dark-high-contrast",
}
