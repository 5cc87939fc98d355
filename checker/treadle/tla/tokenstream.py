"""The tokens that a parser still has before it, seen through the margins of junction lists.

A bulleted list gives its column a meaning: inside an item, a token at or left of the bullet's column ends the item.
The stream keeps the stack of those columns, so that no grammar rule has to think about layout: beyond the margin it
simply sees the `end` token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from treadle.tla.lexer import Token, tokens

if TYPE_CHECKING:
    from treadle.errors import SpecError
    from treadle.tla.source import Source, Span


class TokenStream:
    """A cursor over the tokens of one module."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.all = tokens(source)
        self.at = 0
        self.margins: list[int] = []  # columns of the open bulleted lists; the innermost is last

    @property
    def raw(self) -> Token:
        """The next token, whatever its column."""
        return self.all[self.at]

    @property
    def next(self) -> Token:
        """The next token, or an `end` token if it lies beyond the margin."""
        token = self.all[self.at]
        if self.margins and token.span.column <= self.margins[-1]:
            return Token("end", token.text, token.span)
        return token

    @property
    def last(self) -> Span:
        """Where the token before the cursor stands."""
        return self.all[max(self.at - 1, 0)].span

    def ahead(self, distance: int) -> Token:
        """Return a later token, or the last one."""
        return self.all[min(self.at + distance, len(self.all) - 1)]

    def sees(self, *texts: str) -> bool:
        """Tell whether the next token is one of these symbols or keywords."""
        token = self.next
        return token.kind in {"symbol", "keyword"} and token.text in texts

    def take(self) -> Token:
        """Step over the next token and return it."""
        token = self.all[self.at]
        self.at += 1
        return token

    def accept(self, text: str) -> bool:
        """Step over the next token if it is this symbol or keyword."""
        if self.sees(text):
            self.at += 1
            return True
        return False

    def need(self, text: str, inside: str) -> Token:
        """Step over this symbol or keyword; raise SpecSyntaxError if something else is there."""
        if not self.sees(text):
            raise self.unexpected(text, inside)
        return self.take()

    def name(self, inside: str) -> Token:
        """Step over a name; raise SpecSyntaxError if something else is there."""
        if self.next.kind != "name":
            raise self.unexpected("a name", inside)
        return self.take()

    def unexpected(self, expected: str, inside: str) -> SpecError:
        """Return the error for the next token where `expected` should stand."""
        token, margin = self.raw, None
        if self.next.kind == "end" and token.kind != "end":
            margin = (
                f"this is at column {token.span.column}, not to the right of the list's bullets in column "
                f"{self.margins[-1]}, so the item of the list has already ended"
            )
        got = token.text if token.kind in {"end", "rule", "close"} else repr(token.text)
        return self.source.error(token.span, f"a mistake in {inside}", expected=expected, got=got, probably=margin)
