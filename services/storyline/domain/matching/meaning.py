"""What a text is about, as a direction: the port that word vectors and a sentence encoder both fill."""

from typing import Protocol

from .vectors import DIMENSIONS

ENCODED_CHARS = 400
"""Of the text below the title. Measured: more adds little, and an encoder's time grows with it."""


class Encoder(Protocol):
    """Title and text → direction. Texts that mean alike, in whatever languages, get directions with a high cosine."""

    @property
    def name(self) -> str:
        """Whose directions they are; only those of one name can be compared. Empty: the package's word vectors."""
        ...

    def direction(self, language: str, title: str, text: str) -> bytes:
        """DIMENSIONS components, int8, about of length LENGTH (see `vectors`); empty if the text says nothing.

        The same text gives the same bytes for as long as the encoder lives. Never more of `text` is needed than
        ENCODED_CHARS. Raises nothing for any text.
        """
        ...


class WordVectors:
    """The vectors that the package brings: no model, no download, the same on every machine."""

    name = ""

    def direction(self, language: str, title: str, text: str) -> bytes:
        from .profile import direction_of_words  # which uses this port

        return direction_of_words(language, title, text[:ENCODED_CHARS])


__all__ = ["DIMENSIONS", "ENCODED_CHARS", "Encoder", "WordVectors"]
