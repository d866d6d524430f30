"""Rules that a table of observations should keep, by subject; `checks` runs them all."""
