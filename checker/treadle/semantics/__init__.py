"""Meaning: for each kind of object, when an operation may run, what it does and what it conflicts with.

Pure: no thread, no clock, no file. Both the search and the running of real code read the same definitions, so that
"enabled" and "dependent" cannot drift apart.
"""
