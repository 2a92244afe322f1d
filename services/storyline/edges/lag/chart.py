"""A series as an SVG picture: made here, no script, no style, nothing from elsewhere."""

from collections.abc import Callable, Sequence
from html import escape

from ...domain.lag.measures import in_words
from ...domain.lag.status import Status
from .history import Point

WIDTH, HEIGHT = 720, 180
LEFT, BOTTOM, TOP = 64, 22, 12
SPARK_WIDTH, SPARK_HEIGHT = 120, 24
GRID = 4


def chart(
    points: Sequence[Point],
    value: Callable[[Point], float | None],
    label: str,
    shown: Callable[[float], str],
    until_seconds: float,
    span_seconds: float,
    *,
    of_seconds: bool = False,
) -> str:
    """A line over time with a scale, and below it a band of verdicts. `label` is what a screen reader says.

    `of_seconds`: the values are a time, and the scale has steps that people count in.
    """
    values = [value(point) for point in points]
    top = (_nice_seconds if of_seconds else _nice)(max((each for each in values if each is not None), default=0.0))
    begin = until_seconds - span_seconds

    def x(at: float) -> float:
        return LEFT + (WIDTH - LEFT - 8) * min(1.0, max(0.0, (at - begin) / span_seconds))

    def y(level: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - level / top)

    said = f"{label}; now {shown(values[-1])}" if values and values[-1] is not None else label
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(said)}">',
        *_scale(top, y, shown),
        *(f'<polyline class="line" points="{line}"/>' for line in _lines(points, values, x, y)),
        *_band(points, x, until_seconds),
        f'<text class="axis" x="{LEFT}" y="{HEIGHT - 6}">{escape(in_words(span_seconds))} ago</text>',
        f'<text class="axis" x="{WIDTH - 8}" y="{HEIGHT - 6}" text-anchor="end">now</text></svg>',
    ]
    return "".join(parts)


def spark(points: Sequence[Point], value: Callable[[Point], float | None]) -> str:
    """The same, as small as a word and without a scale."""
    values = [value(point) for point in points]
    top = max((each for each in values if each is not None), default=0.0) or 1.0
    last = max(1, len(points) - 1)
    lines = _lines(
        points,
        values,
        lambda at: 0.0,
        lambda level: SPARK_HEIGHT - 2 - (SPARK_HEIGHT - 4) * level / top,
        places=[index / last * SPARK_WIDTH for index in range(len(points))],
    )
    drawn = "".join(f'<polyline class="line" points="{line}"/>' for line in lines)
    return f'<svg class="spark" viewBox="0 0 {SPARK_WIDTH} {SPARK_HEIGHT}" aria-hidden="true">{drawn}</svg>'


def _lines(
    points: Sequence[Point],
    values: Sequence[float | None],
    x: Callable[[float], float],
    y: Callable[[float], float],
    places: Sequence[float] | None = None,
) -> list[str]:
    """Runs of known values; a gap stays a gap."""
    runs: list[list[str]] = [[]]
    for index, (point, value) in enumerate(zip(points, values, strict=True)):
        if value is None:
            runs.append([])
        else:
            across = places[index] if places is not None else x(point.at_seconds)
            runs[-1].append(f"{across:.1f},{y(value):.1f}")
    # A single point is drawn as a short stroke, or nobody would see it.
    return [" ".join(run if len(run) > 1 else [run[0], run[0]]) for run in runs if run]


def _scale(top: float, y: Callable[[float], float], shown: Callable[[float], str]) -> list[str]:
    parts = []
    for step in range(GRID + 1):
        level = top * step / GRID
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - 8}" y1="{y(level):.1f}" y2="{y(level):.1f}"/>')
        parts.append(
            f'<text class="axis" x="{LEFT - 6}" y="{y(level) + 4:.1f}" text-anchor="end">{escape(shown(level))}</text>'
        )
    return parts


def _band(points: Sequence[Point], x: Callable[[float], float], until_seconds: float) -> list[str]:
    """Where the group was not OK, as coloured stretches on the ground line."""
    parts = []
    for index, point in enumerate(points):
        if point.status <= Status.OK:
            continue
        left = x(point.at_seconds)
        right = x(points[index + 1].at_seconds if index + 1 < len(points) else until_seconds)
        kind = "warning" if point.status is Status.WARNING else "error"
        parts.append(
            f'<rect class="{kind}" x="{left:.1f}" y="{HEIGHT - BOTTOM}" width="{max(1.0, right - left):.1f}"'
            f' height="5"><title>{point.status.shown}</title></rect>'
        )
    return parts


def _nice_seconds(value: float) -> float:
    """Four times a step of seconds, minutes or hours."""
    steps = (0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200)
    day = 86_400
    return next((4.0 * step for step in steps if 4 * step >= value), 4 * day * _nice(value / (4 * day)))


def _nice(value: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next((power * step for step in (1, 2, 5, 10) if power * step >= value), power * 10)
