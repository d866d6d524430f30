"""How each shape of a view is drawn in a figure."""

from dashboard.figures.across import Map, Ranking
from dashboard.figures.change import Change
from dashboard.figures.over_time import Multiples, OverTime
from dashboard.figures.shape import Shape

SHAPES: dict[str, type[Shape]] = {
    "time": OverTime,
    "table": OverTime,
    "change": Change,
    "ranking": Ranking,
    "multiples": Multiples,
    "map": Map,
}
"""How each shape of a view is drawn; a table is drawn over time."""
