"""The layouts we know, one module a publisher; each exports `LAYOUTS`."""
