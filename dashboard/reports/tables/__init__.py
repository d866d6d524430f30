"""Cells in, observations out, for any table."""
