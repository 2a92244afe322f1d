"""Sections: from a story's articles to its page, sentence by sentence, every one cited.

`extract` keeps an article's sentences, `describe` places the source, `evolve` writes what changed, `tell` says what
each source adds, `gate.supports` whether a sentence stands in its source, `judge` whether a proposed wording may.
`warm` loads what the first article of a language would wait for.
"""

from .adding import added, tell
from .changes import change_summary
from .credits import credited
from .describe import Standing, describe
from .evolving import evolve
from .gate import supports
from .page import Page
from .prose import judge, worth_wording
from .text import extract
from .titles import bare_title, told_title
from .warming import warm

__all__ = [
    "Page", "Standing", "added", "bare_title", "change_summary", "credited", "describe", "evolve", "extract", "judge",
    "supports", "tell", "told_title", "warm", "worth_wording",
]  # fmt: skip
