"""Storyline keeps running news stories up to date."""

__version__ = "0.1.0"
