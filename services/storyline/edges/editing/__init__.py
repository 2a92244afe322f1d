"""A person's request on its way: onto `articles`, and what became of it."""

from .asking import Editing, Outcome, asked, known_before

__all__ = ["Editing", "Outcome", "asked", "known_before"]
