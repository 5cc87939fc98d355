"""The `.cfg` file: which model of a module is checked.

A configuration gives values to constants, names the initial predicate and the next-state action (or one formula that
has both), and names what is to hold. The grammar is TLC's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from treadle.errors import SpecConfigError
from treadle.tla.naming import nearest
from treadle.tla.source import Source, Span
from treadle.tla.values import FALSE, TRUE, ModelValue, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECTIONS = {
    "CONSTANT": "constants",
    "CONSTANTS": "constants",
    "INIT": "init",
    "NEXT": "next",
    "SPECIFICATION": "specification",
    "INVARIANT": "invariants",
    "INVARIANTS": "invariants",
    "PROPERTY": "properties",
    "PROPERTIES": "properties",
    "CONSTRAINT": "constraints",
    "CONSTRAINTS": "constraints",
    "ACTION_CONSTRAINT": "action_constraints",
    "ACTION_CONSTRAINTS": "action_constraints",
    "SYMMETRY": "symmetry",
    "VIEW": "view",
    "ALIAS": "alias",
    "POSTCONDITION": "postcondition",
    "CHECK_DEADLOCK": "deadlock",
}
_UNREAD = ("TYPE", "TYPE_CONSTRAINT", "_RL_REWARD", "_PERIODIC")
_TOKEN = re.compile(
    r'\\\*[^\n]*|\(\*.*?\*\)|\s+|(?P<token><-|<<|>>|[={}\[\],]|-?\d+|"(?:[^"\\]|\\.)*"|[A-Za-z0-9_!]+)', re.DOTALL
)


@dataclass(slots=True)
class Config:
    """What one `.cfg` file says."""

    source: Source
    values: dict[str, Value] = field(default_factory=dict)  # CONSTANT c = value
    replacements: dict[str, str] = field(default_factory=dict)  # CONSTANT c <- definition
    scoped: dict[tuple[str, str], str] = field(default_factory=dict)  # CONSTANT c <- [Module] definition
    init: str | None = None
    next: str | None = None
    specification: str | None = None
    invariants: list[str] = field(default_factory=list)
    properties: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)
    action_constraints: list[str] = field(default_factory=list)
    symmetry: str | None = None
    view: str | None = None
    alias: str | None = None  # what a trace shows instead of the variables
    postcondition: str | None = None  # asked once, after the exploration
    deadlock: bool = True
    spans: dict[str, Span] = field(default_factory=dict)  # where each name stands

    def error(self, name: str, what: str, **lines: str | None) -> Exception:
        """Return an error at the place where a name stands."""
        return self.source.error(self.spans.get(name, Span(1, 1, 1, 1)), what, kind=SpecConfigError, **lines)


def read_config(source: Source) -> Config:
    """Read a configuration. Raises SpecConfigError."""
    return _Reader(source).run()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.tokens = list(self._scan())
        self.at = 0
        self.config = Config(source)

    def _scan(self) -> Iterator[tuple[str, Span]]:
        text, position = self.source.text, 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            line = text.count("\n", 0, position) + 1
            column = position - (text.rfind("\n", 0, position) + 1) + 1
            if match is None:
                here = Span(line, column, line, column)
                raise self.source.error(here, f"a stray character {text[position]!r}", kind=SpecConfigError)
            if match.group("token"):
                yield match.group("token"), Span(line, column, line, column + len(match.group()) - 1)
            position = match.end()

    def run(self) -> Config:
        while self.at < len(self.tokens):
            word, span = self.tokens[self.at]
            section = _SECTIONS.get(word)
            if section is None:
                raise self._no_section(word, span)
            self.at += 1
            special = {"constants": self._constants, "deadlock": self._deadlock}.get(section)
            if special is not None:
                special()
            else:
                self._named(section)
        return self.config

    def _no_section(self, word: str, span: Span) -> Exception:
        what = f"{word} does not begin a part of a configuration"
        if word in _UNREAD:
            what = f"{word} is outside the subset that is read"
        return self.source.error(
            span,
            what,
            kind=SpecConfigError,
            expected="one of " + ", ".join(dict.fromkeys(_SECTIONS)),
            probably=nearest(word, _SECTIONS),
        )

    def _more(self) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][0] not in {*_SECTIONS, *_UNREAD}

    def _take(self, expected: str) -> str:
        if self.at >= len(self.tokens):
            last = self.tokens[-1][1] if self.tokens else Span(1, 1, 1, 1)
            raise self.source.error(last, "the file ends too early", kind=SpecConfigError, expected=expected)
        word, span = self.tokens[self.at]
        self.config.spans.setdefault(word, span)
        self.at += 1
        return word

    def _ahead(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _need(self, text: str) -> None:
        span = self.tokens[min(self.at, len(self.tokens) - 1)][1]
        found = self._take(text)
        if found != text:
            raise self.source.error(span, "a mistake", kind=SpecConfigError, expected=text, got=found)

    def _named(self, section: str) -> None:
        """Read the names of a section, one or many."""
        before = getattr(self.config, section)
        if isinstance(before, list):
            while self._more():
                before.append(self._take("a name"))
        else:
            setattr(self.config, section, self._take("a name"))

    def _deadlock(self) -> None:
        word = self._take("TRUE or FALSE")
        if word not in {"TRUE", "FALSE"}:
            span = self.tokens[self.at - 1][1]
            what = "a mistake in CHECK_DEADLOCK"
            raise self.source.error(span, what, kind=SpecConfigError, expected="TRUE or FALSE", got=word)
        self.config.deadlock = word == "TRUE"

    def _constants(self) -> None:
        while self._more():
            name = self._take("a constant")
            sign = self._take("= or <-")
            if sign == "=":
                self.config.values[name] = self._value()
            elif sign == "<-":
                self._replacement(name)
            else:
                span = self.tokens[self.at - 1][1]
                raise self.source.error(span, f"a mistake in CONSTANT {name}", kind=SpecConfigError, expected="= or <-")

    def _replacement(self, name: str) -> None:
        word = self._take("the name of a definition")
        if word == "[":
            module = self._take("the name of a module")
            self._need("]")
            self.config.scoped[module, name] = self._take("the name of a definition")
            return
        self.config.replacements[name] = word

    def _value(self) -> Value:
        word = self._take("a value")
        if word == "{":
            items = []
            while self._ahead() != "}":
                items.append(self._value())
                if self._ahead() == ",":
                    self.at += 1
                elif self._ahead() != "}":
                    break
            self._need("}")
            return frozenset(items)
        if re.fullmatch(r"-?\d+", word):
            return int(word)
        if word[0] == '"':
            return word[1:-1]
        if word in {"TRUE", "FALSE"}:
            return TRUE if word == "TRUE" else FALSE
        return ModelValue.named(word)
