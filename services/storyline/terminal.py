"""Text that others chose, such as headlines, names of files and reasons, for whoever reads it at a terminal."""

import re

# C0 and C1 controls would reach the terminal as commands; line and paragraph separators and directional overrides
# would let a headline pretend to be something else.
_OBEYED = "\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_IN_A_LINE = re.compile(f"[{_OBEYED}\n]+")
_IN_LINES = re.compile(f"[{_OBEYED}]+")


def titled(headline: str) -> str:
    """What stands for a story where its headline is asked for: none of its sources may have had one."""
    return headline if headline.strip() else "(no headline)"


def safe(text: str) -> str:
    """One line that a terminal shows and doesn't obey: control characters become one space."""
    return _IN_A_LINE.sub(" ", text)


def safe_lines(text: str) -> str:
    """The same for several lines."""
    return _IN_LINES.sub(" ", text)
