"""What a PromQL expression names, held against the catalogue: metrics, their labels and the labels' values."""

import re
from collections.abc import Iterator, Mapping

from storyline.observe import catalogue

TARGET_LABELS = {"job", "instance", "service", "le"}
"""Labels that the scrape and histograms add."""
SERVICE_VALUES = set(catalogue.SERVICES)
METRIC = re.compile(r"\b((?:storyline|process)[a-z0-9_:]*|up)\b(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
GROUPED = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")


def problems(expression: str, recorded: Mapping[str, str]) -> Iterator[str]:
    """Each name in `expression` that isn't there. `recorded`: names of recording rules and their expressions."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    used = {name for name, _ in METRIC.findall(GROUPED.sub("", bare))} - {"storyline"}
    for name in sorted(used - recorded.keys() - catalogue.names() - {"up"}):
        yield f"no service has {name}"
    labels = set(TARGET_LABELS)
    for name in used:
        labels |= _labels(name, recorded).keys()
    for group in GROUPED.findall(expression):
        for label in filter(None, (each.strip() for each in group.split(","))):
            if label not in labels:
                yield f"none of {', '.join(sorted(used))} has a label {label}"
    for name, matchers in METRIC.findall(expression):
        yield from _wrong_matchers(name, matchers, recorded)


def _labels(name: str, recorded: Mapping[str, str]) -> dict[str, set[str] | None]:
    """Label → the values it may have; None: any."""
    if name in recorded:
        grouped = GROUPED.findall(recorded[name])
        return {each.strip(): None for group in grouped for each in group.split(",") if each.strip()}
    own = name if name in catalogue.BY_NAME else re.sub(r"_(bucket|sum|count)$", "", name)
    if own not in catalogue.BY_NAME:
        return {}
    return {each.name: set(each.values) if each.values else None for each in catalogue.BY_NAME[own].labels}


def _wrong_matchers(name: str, matchers: str, recorded: Mapping[str, str]) -> Iterator[str]:
    labels = _labels(name, recorded)
    for label, how, value in MATCHER.findall(matchers):
        if label == "service":
            known: set[str] | None = SERVICE_VALUES
        elif label in TARGET_LABELS:
            continue
        elif label not in labels:
            yield f"{name} has no label {label}"
            continue
        else:
            known = labels[label]
        values = value.split("|") if "~" in how else [value]
        wrong = [each for each in values if known is not None and each not in known and not each.startswith("$")]
        if wrong:
            yield f"{label} of {name} is never {wrong[0]}"
