"""Figures: a chart dressed for an article, at the size its page asks for, with all that a reader needs to understand and defend it."""

from dashboard.display.languages import LANGUAGES
from dashboard.figures.drawing import Drawing, draw, rows_of
from dashboard.figures.request import (
    CSS_PX_PER_INCH,
    POINTS_PER_INCH,
    SIZES,
    SMALLEST_TYPE_POINTS,
    THEMES,
    Figure,
    Size,
    Unfit,
)
from dashboard.figures.shape import totalled
