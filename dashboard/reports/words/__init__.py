"""Printed text in, meaning out: numbers, periods, headers."""
