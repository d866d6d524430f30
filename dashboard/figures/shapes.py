"""How each shape of a view is drawn in a figure."""

import pandas as pd

from dashboard import analysis
from dashboard.figures.across import Map, OnePeriod, Ranking
from dashboard.figures.change import Change
from dashboard.figures.over_time import Multiples, OverTime
from dashboard.figures.request import Figure
from dashboard.figures.shape import Shape

_SHAPES: dict[str, type[Shape]] = {
    "change": Change,
    "ranking": Ranking,
    "multiples": Multiples,
    "map": Map,
}


def shape_of(figure: Figure, rows: pd.DataFrame) -> type[Shape]:
    """How the rows of a figure are drawn; a table over time, and one period as bars unless a statement or a note stands at a day and value of it."""
    has_time = len(analysis.spans_of(rows)) > 1 or figure.statement or figure.annotations
    return _SHAPES.get(figure.view.shape, OverTime if has_time else OnePeriod)
