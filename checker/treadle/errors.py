"""Every exception that treadle raises, in one list.

Each is a `TreadleError`; what the user can mend by typing something else is a `UsageError`, which the command line
turns into exit code 2. An error coaches: what was expected, what was given, what probably happened, what to do
instead. Verdicts (a violation, an incomplete search) are results, never exceptions.
"""

from __future__ import annotations


class TreadleError(Exception):
    """Something that treadle could not do, told in one message made of the parts that are known.

    `what` is the sentence; `expected`, `got`, `probably` and `instead` are further lines, each optional.
    """

    def __init__(
        self,
        what: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        probably: str | None = None,
        instead: str | None = None,
    ) -> None:
        parts = {"expected": expected, "got": got, "probably": probably, "instead": instead}
        lines = [f"  {label + ':':<10} {text}" for label, text in parts.items() if text is not None]
        super().__init__("\n".join([what, *lines]))


class UsageError(TreadleError):
    """Wrong usage: exit code 2."""


class ScenarioError(UsageError):
    """A scenario that cannot be loaded, is not callable, or needs arguments."""


class ScheduleError(UsageError):
    """A schedule file that is missing, corrupt, foreign, or no longer fits the code."""


class ProgramError(UsageError):
    """A malformed abstract program; names the program and the operation."""


class NondeterminismError(TreadleError):
    """A re-execution departed from its own prefix, so no verdict would mean anything."""


class CheckError(TreadleError, AssertionError):
    """A scenario that is run as a test does not hold, or was not explored to the end; the text is the report."""


class SpecError(UsageError):
    """A TLA+ module or configuration that cannot be read or evaluated."""


class SpecSyntaxError(SpecError):
    """The text of a module is not TLA+, or not in the subset that is read; says file:line:column."""


class SpecNameError(SpecError):
    """A name that is not defined, is defined twice, or is used with the wrong number of arguments."""


class SpecLevelError(SpecError):
    """An expression at a level that its place does not allow, such as a prime in an invariant."""


class SpecConfigError(SpecError):
    """A `.cfg` file that cannot be read, or that names what the module does not have."""


class SpecEvaluationError(SpecError):
    """An expression that has no value: shows it, the values of its variables and the behaviour that led there."""


class OracleError(TreadleError):
    """TLC could not be run, or what it printed could not be understood."""
