"""The front door: what `treadle` offers to programs. Here search and world meet, and nowhere else.

- `exploration`: every interleaving of a scenario, to a verdict.
- `retelling`: one schedule once more, to a report.
- `testing`: a test function as a scenario, under any test runner.
- `keeping`: where the schedule of a failure is kept.

The names for users are in `treadle` itself. Nothing is imported here, so that a command's `--help` is quick.
"""
