"""How the documentation is built: Markdown through MyST, four kinds of pages, every warning an error (make docs)."""

from __future__ import annotations

project = "phalanx and treadle"
author = "The phalanx and treadle authors"
project_copyright = "2026, the phalanx and treadle authors"

extensions = ["myst_parser", "sphinx.ext.autodoc"]
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist", "dollarmath", "fieldlist"]
myst_heading_anchors = 3

exclude_patterns = ["_build"]
nitpicky = True
nitpick_ignore_regex = [
    (r"py:.*", r".*"),  # signatures name the standard library's types, and no inventory is fetched while building
]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
add_module_names = False

html_theme = "furo"
html_title = project
html_copy_source = False
html_show_sphinx = False
