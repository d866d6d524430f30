"""What code must know of the columns that checks none: their names, the key of a number, and which document is a visitor's own.

The tables themselves, with the meaning and the rules of each column, are in `tables`. It is loaded only where a table is checked or a
meaning shown, inside the function that does so: pandera takes longer to load than a short command takes to answer.
"""

KEY = ["reporter", "service", "requester", "authority", "request_type", "measure", "period_start", "period_end"]
"""What identifies a number apart from the document that prints it."""
OBSERVATION_COLUMNS = [*KEY, "low", "high", "printed", "document", "cell"]
"""The columns of an observation, in the order of `tables.Observation`."""

OWN = "own/"
"""How the name of every document begins that a visitor brought."""


FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""A text cell that begins so would be run by a spreadsheet; it leaves with an apostrophe before it."""


def is_own(document: str) -> bool:
    """Whether a document is one that a visitor brought."""
    return document.startswith(OWN)
