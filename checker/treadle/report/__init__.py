"""Voice: verdicts and executions to sentences, columns and JSON, for people and for scripts.

Everything here is a function from data to plain text. Nothing is printed, nothing is searched for, and the same
execution always gives the same text, so that a report can be pinned by a test and a replay can be held against it.
"""
