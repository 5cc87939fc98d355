"""Kits that treadle brings: one module for each kind of object."""
