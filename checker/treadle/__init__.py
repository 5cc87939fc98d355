"""A model checker for Python concurrency."""
