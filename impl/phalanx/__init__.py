"""Barriers for Python."""
