"""The one door: published files in, observations and problems out."""
