"""The pages, one a file; `parts` holds what several of them put on the screen."""
