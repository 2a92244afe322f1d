"""The reliability plot: what share of decisions was right, by the probability they were given."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from .calibration import Judged, bins_of, calibration_error

INCHES = (7.0, 7.5)
NAMED_AREA_MAX = 260
"""Square points of the dot of a bin that holds all decisions of its set."""


class NoPlotting(ValueError):
    """The plotting library isn't installed."""


def check_plotting() -> None:
    """Raises NoPlotting, before minutes are spent on what can't be drawn."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise NoPlotting("the reliability plot needs matplotlib: pip install 'storyline[evaluate]'") from None


def plot_reliability(sets: Mapping[str, Sequence[Judged]], path: Path) -> None:
    """Write a PNG: a line a set over the ten bins, dots by how many decisions a bin holds, the error in the legend."""
    check_plotting()
    from matplotlib.figure import Figure

    figure = Figure(figsize=INCHES, layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="as it should be")
    for name, judged in sets.items():
        if judged:
            bins = bins_of(judged)
            x, y = [one.probability for one in bins], [one.right_share for one in bins]
            (line,) = axes.plot(x, y, label=f"{name}: error {calibration_error(judged):.3f} of {len(judged):,}")
            areas = [8 + NAMED_AREA_MAX * one.decisions / len(judged) for one in bins]
            axes.scatter(x, y, s=areas, color=line.get_color(), alpha=0.6)
    axes.set(
        xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal", title="Reliability of matching",
        xlabel="probability that the article belongs to the best story found", ylabel="share of which it was so",
    )  # fmt: skip
    figure.legend(loc="outside lower center", ncols=2, fontsize="small")
    figure.savefig(path, format="png", dpi=110)
