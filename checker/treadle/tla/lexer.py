"""Characters to tokens.

A symbol in Unicode is the token of its ASCII form. The reader knows nothing of grammar, with three exceptions that TLA+ asks for: comments nest, `WF_` and `SF_` are
cut off the name that follows them, and a proof's step labels (`<1>2.`) are tokens. Text before the `---- MODULE` line
and after the closing `====` is not looked at, as everywhere in TLA+.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from treadle.tla.operators import SYMBOLS, SYNONYMS, UNICODE
from treadle.tla.source import Source, Span

KEYWORDS = frozenset(
    [
        "ASSUME",
        "ASSUMPTION",
        "AXIOM",
        "CASE",
        "CHOOSE",
        "CONSTANT",
        "CONSTANTS",
        "DOMAIN",
        "ELSE",
        "ENABLED",
        "EXCEPT",
        "EXTENDS",
        "IF",
        "IN",
        "INSTANCE",
        "LET",
        "LOCAL",
        "MODULE",
        "OTHER",
        "SUBSET",
        "THEN",
        "THEOREM",
        "UNCHANGED",
        "UNION",
        "VARIABLE",
        "VARIABLES",
        "WITH",
        "LAMBDA",
        "RECURSIVE",
        "LEMMA",
        "PROPOSITION",
        "COROLLARY",
        "PROOF",
        "BY",
        "OBVIOUS",
        "OMITTED",
        "QED",
        "ASSUME",
        "PROVE",
        "NEW",
        "SUFFICES",
        "HAVE",
        "TAKE",
        "WITNESS",
        "PICK",
        "USE",
        "HIDE",
        "DEFINE",
        "DEF",
        "DEFS",
        "STATE",
        "ACTION",
        "TEMPORAL",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text: `kind` is one of name, number, string, keyword, symbol, rule, close, step, end."""

    kind: str
    text: str
    span: Span


_HEADER = re.compile(r"-{4,}[ \t]*MODULE\b")
_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\f\v]+)
    | (?P<newline>\n)
    | (?P<line>\\\*[^\n]*)
    | (?P<block>\(\*)
    | (?P<rule>-{{4,}})
    | (?P<close>={{4,}})
    | (?P<step><\d+>[A-Za-z0-9_]*\.?)
    | (?P<string>"(?:[^"\\\n]|\\.)*")
    | (?P<real>\d+\.\d+)
    | (?P<based>\\[bB][01]+|\\[oO][0-7]+|\\[hH][0-9a-fA-F]+)
    | (?P<fair>[WS]F_(?=[A-Za-z<(]))
    | (?P<word>[0-9]*[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>\d+)
    | (?P<unicode>⟩_|〉_|[{}])
    | (?P<symbol>\\[A-Za-z]+|{})""".format(
        "".join(UNICODE), "|".join(re.escape(symbol) for symbol in SYMBOLS if not re.fullmatch(r"\\[A-Za-z]+", symbol))
    ),
    re.VERBOSE,
)
_KNOWN = frozenset(SYMBOLS)


def tokens(source: Source) -> list[Token]:
    """Cut the first module of a text into tokens; the last one is of kind `end`.

    Raises SpecSyntaxError for a character or symbol that TLA+ does not have, an open comment or an open string.
    """
    return _Reader(source).run()


class _Reader:
    """A position in the text, and the tokens before it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        header = _HEADER.search(source.text)
        if header is None:
            raise source.error(
                Span(1, 1, 1, 1), "no module here", expected="a line like ---- MODULE Name ----", got="none in the file"
            )
        self.at = header.start()
        self.line = source.text.count("\n", 0, self.at) + 1
        self.start = source.text.rfind("\n", 0, self.at) + 1
        self.depth = 0
        self.found: list[Token] = []

    def run(self) -> list[Token]:
        """Read to the end of the outermost module."""
        text, length = self.source.text, len(self.source.text)
        while self.at < length and not self._closed():
            match = _TOKEN.match(text, self.at)
            if match is None:
                raise self._stray()
            self._take(match)
        self.found.append(Token("end", "end of file", self._span(0)))
        return self.found

    def _closed(self) -> bool:
        if not self.found:
            return False
        last = self.found[-1]
        if last.kind == "close":
            modules = sum(token.text == "MODULE" for token in self.found)
            return modules == sum(token.kind == "close" for token in self.found)
        return False

    def _span(self, width: int) -> Span:
        column = self.at - self.start + 1
        return Span(self.line, column, self.line, column + max(width, 1) - 1)

    def _stray(self) -> Exception:
        character = self.source.text[self.at]
        what = "a string that does not end on its line" if character == '"' else f"a stray character {character!r}"
        probably = None if character.isascii() else "no symbol of TLA+ is written so; write the ASCII form"
        return self.source.error(self._span(1), what, probably=probably)

    def _take(self, match: re.Match[str]) -> None:
        kind, text = match.lastgroup or "", match.group()
        if kind == "newline":
            self.at, self.line, self.start = match.end(), self.line + 1, match.end()
        elif kind == "block":
            self._comment()
        else:
            if kind not in {"blank", "line"}:
                self.found.append(self._token(kind, text))
            self.at = match.end()

    def _token(self, kind: str, text: str) -> Token:
        span = self._span(len(text))
        if kind == "unicode":
            text = ">>_" if text[1:] == "_" else UNICODE[text]
            kind = "word" if text[0].isalpha() else "symbol"
        if kind == "word":
            return Token("keyword" if text in KEYWORDS else "name", text, span)
        if kind == "based":
            return Token("number", str(int(text[2:], {"b": 2, "o": 8, "h": 16}[text[1].lower()])), span)
        if kind == "real":
            raise self.source.error(span, f"the decimal number {text}: only integers are read")
        if kind == "string":
            return Token("string", _unescaped(text[1:-1]), span)
        if kind == "symbol":
            if text not in _KNOWN:
                raise self.source.error(span, f"TLA+ has no symbol {text}")
            return Token("symbol", SYNONYMS.get(text, text), span)
        return Token(kind, text, span)

    def _comment(self) -> None:
        """Skip a block comment with the comments inside it."""
        text, depth, position = self.source.text, 0, self.at
        for match in re.compile(r"\(\*|\*\)").finditer(text, self.at):
            depth += 1 if match.group() == "(*" else -1
            position = match.end()
            if depth == 0:
                break
        else:
            raise self.source.error(self._span(2), "a comment that never ends", expected="*)", got="end of file")
        lines = text.count("\n", self.at, position)
        if lines:
            self.line += lines
            self.start = text.rfind("\n", self.at, position) + 1
        self.at = position


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f"}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match.group(1), match.group(1)), text)
