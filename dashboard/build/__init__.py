"""The datasets made from the published files: a contributor's command, imported by nothing that serves."""
