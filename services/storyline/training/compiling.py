"""Compiles what reads and compares: `python -m storyline.training.compiling` writes `domain/matching/*.wasm`.

The compiler is Zig's (its Clang), from a Python wheel, so that the same source gives the same bytes everywhere.
"""

import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from storyline_schemas.base import DAY_MS

from ..domain.matching import comparing, contradiction, finding, live, reading, text, vectors, words

SHARED = {
    "WORDS_MAX": reading.WORDS_MAX, "TEXT_BYTES_MAX": reading.TEXT_BYTES_MAX,
    "TERMS": words.TERMS, "TOKEN_CHARS_MAX": text.TOKEN_CHARS_MAX,
    "SCALE": reading.SCALE, "TERMS_MAX": reading.TERMS_MAX, "TITLE_TERMS_MAX": reading.TITLE_TERMS_MAX,
    "COUNT_MAX": reading.COUNT_MAX, "LEAD_COUNT": reading.LEAD_COUNT, "TITLE_COUNT": reading.TITLE_COUNT,
    "RARITY_SCALE": reading.RARITY_SCALE, "RARE_MIN": reading.RARE_MIN,
    "TITLE_RARE_MIN": reading.TITLE_RARE_MIN, "SEVERAL_RARE_MIN": reading.SEVERAL_RARE_MIN,
    "DIMENSIONS": vectors.DIMENSIONS, "LENGTH": vectors.LENGTH, "WEIGHT_MAX": vectors.WEIGHT_MAX,
    "MEAN_SCALE": vectors.MEAN_SCALE,
    "COMPARED_MAX": comparing.COMPARED_MAX, "SIDES_BYTES_MAX": comparing.SIDES_BYTES_MAX,
    "MEMBERS_MAX": live.MEMBERS_MAX, "BEST_OF_LATEST": comparing.BEST_OF_LATEST, "TERSE_TERMS": comparing.TERSE_TERMS,
    "BREVITY_MAX": comparing.BREVITY_MAX,
    "RIVAL_MIN": comparing.RIVAL_MIN, "MEANING_RIVAL_MIN": comparing.MEANING_RIVAL_MIN,
    "MEANING_RIVAL_ABROAD_MIN": comparing.MEANING_RIVAL_ABROAD_MIN,
    "TERMS_KEPT_MAX": live.TERMS_KEPT_MAX, "STORIES_BYTES_MAX": finding.STORIES_BYTES_MAX,
    "POSTINGS_READ_MAX": finding.POSTINGS_READ_MAX, "COSINE_SHARE_MIN": finding.COSINE_SHARE_MIN,
    "TABLES": finding.TABLES, "BITS": finding.BITS, "NEAR_READ_MAX": finding.NEAR_READ_MAX,
    "NEAREST_MAX": finding.NEAREST_MAX, "MEANING_MIN": finding.MEANING_MIN, "FOUND_MAX": finding.FOUND_MAX,
    "NIGHT_DAYS": comparing.NIGHT_DAYS, "JOIN_GAP_DAYS_MAX": contradiction.JOIN_GAP_DAYS_MAX,
    "DAY_MS": DAY_MS, "GAP_DAYS_MAX": comparing.GAP_DAYS_MAX,
}  # fmt: skip
"""Numbers of Python's that the C sources are compiled with."""
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
    for source in Path(str(files(text.__package__))).glob("*.c"):
        compiled(source, source.with_suffix(".wasm"))
