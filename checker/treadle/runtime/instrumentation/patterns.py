"""The rewrite of `match`: each pattern becomes a question, asked step by step, as Python asks it.

    match point:                      match _treadle_match_1 := point:
        case Point(0, y) if y > 0:        case _ if (_treadle_match_2 := _treadle.matched_class(_treadle_match_1, Point, 2, ()))
            ...                               is not None and _treadle.binary("==", _treadle_match_2[0], 0)
                                              and ((y := _treadle_match_2[1]),) and _treadle.binary(">", y, 0):

A pattern is many looks: at the type of the subject, its length, an item or an attribute, and then at what is in these. A
pattern that does not fit has been looked at all the same, and the next one looks again. Another thread may run between any two of
the looks. So each is a hook of its own, at the time when Python makes it. What they do is told in `matching`; which ones
there are, and in which order, is that of CPython's compiler (`compiler_pattern` in Python/compile.c). All attributes of
one class pattern, and all keys of one mapping, are one instruction there and one look after the other here, as it may be
without the interpreter lock.

The names that a pattern binds are bound when all of it fits, before the guard is asked.

Questions are about a local variable that holds the subject, and about more of them that hold its parts; a function that
asks for its `locals` does not see them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.expressions import Expressions
from treadle.runtime.instrumentation.injected import HOOKS

if TYPE_CHECKING:
    from collections.abc import Iterator

Names = dict[str, str]
"""By name that a pattern binds, the variable that holds what it will be bound to."""


class Patterns(Expressions):
    """Rewrites `match`."""

    _temporaries: int

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The statements, each rewritten into one or several."""
        raise NotImplementedError

    def named(self, name: str, place: ast.AST, value: ast.expr) -> ast.expr:
        """The value that a variable is given."""
        raise NotImplementedError

    def visit_Match(self, node: ast.Match) -> Any:
        subject = self._temporary()
        node.subject = self.placed(node.subject, _kept(subject, self.expression(node.subject)))
        for case in node.cases:
            captured: Names = {}
            asked = [*self._questions(case.pattern, subject, captured)]
            if captured:
                bound = [_kept(name, self.named(name, case.pattern, _load(held))) for name, held in captured.items()]
                asked.append(_done(*bound))
            asked = [self.placed(case.pattern, question) for question in asked]
            if case.guard is not None:
                asked.append(self.truth(case.guard))
            case.guard = None if not asked else self.placed(case.pattern, _all(asked))
            case.pattern = ast.copy_location(ast.MatchAs(), case.pattern)
            case.body = self.block(case.body)
        return node

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"{HOOKS}_match_{self._temporaries}"

    def _questions(self, pattern: ast.pattern, subject: str, captured: Names) -> Iterator[ast.expr]:
        """What is asked of the variable `subject`, one after the other as long as the answer is yes."""
        if isinstance(pattern, ast.MatchValue):
            equal = self.hook(pattern, "binary", ast.Constant("=="), _load(subject), self.expression(pattern.value))
            yield self.hook(pattern, "truth", equal)
        elif isinstance(pattern, ast.MatchSingleton):
            yield ast.Compare(_load(subject), [ast.Is()], [ast.Constant(pattern.value)])
        elif isinstance(pattern, (ast.MatchAs, ast.MatchStar)):
            if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
                yield from self._questions(pattern.pattern, subject, captured)
            if pattern.name is not None:
                captured[pattern.name] = subject
        elif isinstance(pattern, ast.MatchOr):
            yield self._either(pattern, subject, captured)
        elif isinstance(pattern, ast.MatchSequence):
            yield from self._sequence(pattern, subject, captured)
        elif isinstance(pattern, ast.MatchMapping):
            yield from self._mapping(pattern, subject, captured)
        elif isinstance(pattern, ast.MatchClass):
            names = ast.Tuple([ast.Constant(name) for name in pattern.kwd_attrs], ast.Load())
            number = ast.Constant(len(pattern.patterns))
            parts = self.hook(pattern, "matched_class", _load(subject), self.expression(pattern.cls), number, names)
            yield from self._parts(parts, [*pattern.patterns, *pattern.kwd_patterns], captured)

    def _either(self, pattern: ast.MatchOr, subject: str, captured: Names) -> ast.expr:
        """Of several patterns, all of which bind the same names, the first that fits."""
        held: Names = {}
        ways = []
        for alternative in pattern.patterns:
            here: Names = {}
            asked = [*self._questions(alternative, subject, here)]
            for name in here:
                held[name] = held.get(name) or self._temporary()
            asked.append(_done(*(_kept(held[name], _load(found)) for name, found in here.items())))
            ways.append(_all(asked))
        captured |= held
        return ast.BoolOp(ast.Or(), ways)

    def _sequence(self, pattern: ast.MatchSequence, subject: str, captured: Names) -> Iterator[ast.expr]:
        parts = pattern.patterns
        star = next((index for index, part in enumerate(parts) if isinstance(part, ast.MatchStar)), None)
        yield self.hook(pattern, "is_sequence", _load(subject))
        least = len(parts) - (star is not None)
        if star is None or least:
            how = ast.Eq() if star is None else ast.GtE()
            yield ast.Compare(self._length(pattern, subject), [how], [ast.Constant(least)])
        if all(_is_wildcard(part) for part in parts):
            return
        if star is not None and _is_wildcard(parts[star]):
            yield from self._items(pattern, star, subject, captured)
            return
        after = ast.Constant(None if star is None else len(parts) - star - 1)
        before = ast.Constant(len(parts) if star is None else star)
        yield from self._parts(self.hook(pattern, "unpacked", _load(subject), before, after), parts, captured)

    def _items(self, pattern: ast.MatchSequence, star: int, subject: str, captured: Names) -> Iterator[ast.expr]:
        """Of a sequence the middle of which nobody wants, item by item."""
        for index, part in enumerate(pattern.patterns):
            if _is_wildcard(part):
                continue
            place: ast.expr = ast.Constant(index)
            if index > star:
                left = ast.Constant(len(pattern.patterns) - index)
                place = ast.BinOp(self._length(pattern, subject), ast.Sub(), left)
            item = self._temporary()
            yield _done(_kept(item, self.hook(part, "item", _load(subject), place)))
            yield from self._questions(part, item, captured)

    def _length(self, pattern: ast.pattern, subject: str) -> ast.expr:
        return self.hook(pattern, "len_", _load(subject))

    def _mapping(self, pattern: ast.MatchMapping, subject: str, captured: Names) -> Iterator[ast.expr]:
        yield self.hook(pattern, "is_mapping", _load(subject))
        if pattern.keys:
            yield ast.Compare(self._length(pattern, subject), [ast.GtE()], [ast.Constant(len(pattern.keys))])
        elif pattern.rest is None:
            return
        keys = ast.Tuple([self.expression(key) for key in pattern.keys], ast.Load())
        rest = [ast.MatchAs(None, pattern.rest)] if pattern.rest is not None else []
        found = self.hook(pattern, "matched_mapping", _load(subject), keys, ast.Constant(bool(rest)))
        yield from self._parts(found, [*pattern.patterns, *rest], captured)

    def _parts(self, found: ast.expr, patterns: list[ast.pattern], captured: Names) -> Iterator[ast.expr]:
        """A list of parts, or None if there are none; and what each of them has to fit."""
        held = self._temporary()
        yield ast.Compare(_kept(held, found), [ast.IsNot()], [ast.Constant(None)])
        for index, pattern in enumerate(patterns):
            if not _is_wildcard(pattern):
                part = self._temporary()
                yield _done(_kept(part, ast.Subscript(_load(held), ast.Constant(index), ast.Load())))
                yield from self._questions(pattern, part, captured)


def _is_wildcard(pattern: ast.pattern) -> bool:
    """Whether it is `_` or `*_`."""
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None and pattern.name is None
    return isinstance(pattern, ast.MatchStar) and pattern.name is None


def _load(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _kept(name: str, value: ast.expr) -> ast.expr:
    return ast.NamedExpr(ast.Name(name, ast.Store()), value)


def _done(*kept: ast.expr) -> ast.expr:
    """What is true when these were kept."""
    return ast.Tuple([*kept, ast.Constant(None)], ast.Load())


def _all(asked: list[ast.expr]) -> ast.expr:
    return asked[0] if len(asked) == 1 else ast.BoolOp(ast.And(), asked)
