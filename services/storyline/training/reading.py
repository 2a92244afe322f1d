"""Compiles what reads a text: `python -m storyline.training.reading` writes `domain/matching/reading.wasm`.

The compiler is Zig's (its Clang), from a Python wheel, so that the same source gives the same bytes everywhere.
"""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from ..domain.matching import reading, text, vectors, words

SHARED = {
    "WORDS_MAX": reading.WORDS_MAX, "TEXT_BYTES_MAX": reading.TEXT_BYTES_MAX,
    "TERMS": words.TERMS, "TOKEN_CHARS_MAX": text.TOKEN_CHARS_MAX,
    "SCALE": reading.SCALE, "TERMS_MAX": reading.TERMS_MAX, "TITLE_TERMS_MAX": reading.TITLE_TERMS_MAX,
    "COUNT_MAX": reading.COUNT_MAX, "LEAD_COUNT": reading.LEAD_COUNT, "TITLE_COUNT": reading.TITLE_COUNT,
    "RARE_MIN": reading.RARE_MIN, "TITLE_RARE_MIN": reading.TITLE_RARE_MIN,
    "SEVERAL_RARE_MIN": reading.SEVERAL_RARE_MIN,
    "DIMENSIONS": vectors.DIMENSIONS, "LENGTH": vectors.LENGTH, "WEIGHT_MAX": vectors.WEIGHT_MAX,
    "MEAN_SCALE": vectors.MEAN_SCALE,
}  # fmt: skip
"""Numbers of Python's that the C source is compiled with."""
FLAGS = (
    "--target=wasm32-freestanding", "-mcpu=generic+simd128+bulk_memory", "-O3", "-Wall", "-Wextra", "-Werror",
    "-nostdlib", "-Wl,--no-entry", "-Wl,--strip-all",
)  # fmt: skip


def compiled(source: Path, target: Path) -> None:
    """Compile a C source to WebAssembly. Raises subprocess.CalledProcessError if it has a mistake."""
    defined = [f"-D{name}={value}" for name, value in SHARED.items()]
    command = [sys.executable, "-m", "ziglang", "cc", *FLAGS, *defined, "-o", str(target), str(source)]
    subprocess.run(command, check=True)  # noqa: S603, of this file alone


if __name__ == "__main__":
    here = Path(str(files(text.__package__)))
    compiled(here / "reading.c", here / "reading.wasm")
