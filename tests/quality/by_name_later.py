"""A module that is imported late, by its name."""
