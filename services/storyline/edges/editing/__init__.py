"""A person's request on its way: onto `articles`, and what became of it."""

from .asking import Editing, Outcome, asked

__all__ = ["Editing", "Outcome", "asked"]
