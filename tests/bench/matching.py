"""What matching costs as the live stories of a space grow: time an article, memory, and loading them at a start.

    python -m tests.bench.matching [--stories 10000 1000000] [--load 100000] [--json]

Articles are made up: 60 terms each, of ranks spread as words are (Zipf), every other article a variation of one
that is live. Each size runs in a process of its own, so that its memory is its own. Times are CPU times, so that a busy
machine changes them less. It measures and judges nothing.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from time import process_time

import numpy as np
import numpy.typing as npt

from storyline.domain.matching import Index, Profile
from storyline.domain.matching.reading import RARITY_SCALE
from storyline.domain.matching.words import idf
from storyline.evaluate.engines import peak_memory_mib

TERMS, TITLE_TERMS = 60, 8
RANK_MIN, RANK_MAX = 150, 400_000
"""Words more common than the first say nothing and are left out by profiles; rarer than the last are names."""
RARITIES = (np.linspace(idf(0.0), 3, TERMS + 10) * RARITY_SCALE).astype(np.uint8).tobytes()
"""As of names down to words that one text in twenty has."""
PROBES = 3_000
HOUR_MS = 3_600_000


def _profile(terms: npt.NDArray[np.int64], at: int) -> Profile:
    weights = np.linspace(900, 250, terms.size).astype("<u2")
    return Profile(
        "en", at * 1_000, True, 150, terms.astype("<u4").tobytes(), weights.tobytes(),
        terms[:TITLE_TERMS].astype("<u4").tobytes(), weights[:TITLE_TERMS].tobytes(), rarities=RARITIES[: terms.size],
    )  # fmt: skip


def _terms(random: np.random.Generator) -> npt.NDArray[np.int64]:
    """Distinct terms, the rarest first, as the heaviest come first in a real profile."""
    ranks = np.exp(random.uniform(np.log(RANK_MIN), np.log(RANK_MAX), TERMS + 10)).astype(np.int64)
    return (np.unique(ranks)[::-1][:TERMS] * 2_654_435_761) % (1 << 20)


@dataclass(frozen=True, slots=True)
class Probe:
    """An article that comes when the index is full, and the story it is a variation of, if of one."""

    profile: Profile
    story: str | None


def measure(stories: int, load: int) -> dict[str, float]:
    """Figures of one size. `load` stories are dumped and loaded into a second index (0: not measured)."""
    random = np.random.default_rng(7)
    index = Index()
    every = max(1, stories // PROBES)
    seeds: dict[str, npt.NDArray[np.int64]] = {}
    begun = process_time()
    for at in range(stories):
        terms = np.unique(_terms(random))
        random.shuffle(terms)
        if at % every == 0:
            seeds[f"s{at}"] = terms
        index.join(f"s{at}", f"urn:bench:{at}", _profile(terms, at), at)
    filled = process_time() - begun
    found = {
        "stories": float(stories), "fill_seconds": filled, "memory_mib": peak_memory_mib(),
        **_articles(index, _probes(random, seeds), stories),
    }  # fmt: skip
    return found | (_load(index, load) if load else {})


def _probes(random: np.random.Generator, seeds: dict[str, npt.NDArray[np.int64]]) -> list[Probe]:
    probes = []
    for number, (story, seed) in enumerate(seeds.items()):
        fresh = np.unique(_terms(random))
        random.shuffle(fresh)
        near = number % 2 == 0
        terms = np.unique(np.concatenate((seed[:40], fresh[:20])))[:TERMS] if near else fresh
        probes.append(Probe(_profile(terms, number), story if near else None))
    return probes[:PROBES]


def _articles(index: Index, probes: list[Probe], stories: int) -> dict[str, float]:
    """Weigh, decide, join and look for a twin, as the matcher does for every article."""
    micros, right = [], 0
    for number, probe in enumerate(probes):
        begun = process_time()
        profile = index.weighed(probe.profile)
        decision = index.decide(profile)
        story = decision.story_id or f"n{number}"
        index.join(story, f"urn:bench:new:{number}", profile, stories + number)
        index.merge_for(story)
        micros.append((process_time() - begun) * 1e6)
        right += decision.story_id == probe.story
    return {
        "article_median_micros": median(micros),
        "article_p99_micros": float(np.percentile(micros, 99)),
        "right_share": right / len(probes),
    }


def _load(index: Index, load: int) -> dict[str, float]:
    values = [(f"s{at}", index.dump(f"s{at}")) for at in range(load)]
    fresh = Index()
    begun = process_time()
    fresh.load_all(values)
    seconds = process_time() - begun
    return {
        "load_stories": float(load),
        "load_seconds": seconds,
        "value_bytes": float(np.mean([len(v) for _, v in values])),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stories", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--load", type=int, default=100_000, help="stories to dump and load, of the largest size")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.stories[0], options.load)))
        return
    results = []
    for size in options.stories:
        load = min(options.load, size) if size == max(options.stories) else 0
        command = [sys.executable, "-m", "tests.bench.matching", "--one", "--stories", str(size), "--load", str(load)]
        results.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
        print("  ".join(f"{name} {value:,.2f}" for name, value in results[-1].items()), file=sys.stderr)
    ratio = results[-1]["article_median_micros"] / results[0]["article_median_micros"]
    print(f"an article at {options.stories[-1]:,} stories costs {ratio:.2f} of one at {options.stories[0]:,}")
    if options.json:
        print(json.dumps({"sizes": results, "ratio": ratio}))


if __name__ == "__main__":
    main()
