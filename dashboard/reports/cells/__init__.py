"""Bytes in, cells with addresses out: text, workbooks, archives and JSON."""
