r"""Forms in brackets: `{...}`, `[...]`, `<<...>>`, and the bounds of binders.

Each is recognised by what follows its first part, never by trying one reading and then another, except for the bound
of `{x \in S : P}`: there the text is read as a bound if it looks like one (names, then `\in`), as an expression if not.
The reader of expressions is handed in, since expressions contain brackets and brackets contain expressions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from treadle.tla.syntax import (
    Bound,
    Boxed,
    Except,
    Function,
    FunctionSet,
    Index,
    Node,
    Pattern,
    Record,
    SetFilter,
    SetList,
    SetMap,
    String,
    Tuple,
    Update,
    Use,
)

if TYPE_CHECKING:
    from treadle.tla.tokenstream import TokenStream

Reader = Callable[["TokenStream"], Node]


def _list(stream: TokenStream, read: Reader) -> list[Node]:
    found = [read(stream)]
    while stream.accept(","):
        found.append(read(stream))
    return found


def _pattern(stream: TokenStream) -> Pattern:
    if stream.accept("<<"):
        names = [stream.name("a tuple of bound names").text]
        while stream.accept(","):
            names.append(stream.name("a tuple of bound names").text)
        stream.need(">>", "a tuple of bound names")
        return tuple(names)
    return stream.name("the names that are bound").text


def _bound(stream: TokenStream, read: Reader) -> Bound:
    start = stream.next.span
    patterns = [_pattern(stream)]
    while stream.accept(","):
        patterns.append(_pattern(stream))
    if not stream.sees("\\in"):
        if not stream.sees(":"):
            raise stream.unexpected("\\in", "the names that are bound")
        return Bound(tuple(patterns), None, start.to(stream.last))
    stream.take()
    domain = read(stream)
    return Bound(tuple(patterns), domain, start.to(domain.span))


def bounds(stream: TokenStream, read: Reader) -> tuple[Bound, ...]:
    r"""Read `x, y \in S, z \in T`."""
    found = [_bound(stream, read)]
    while stream.accept(","):
        found.append(_bound(stream, read))
    return tuple(found)


def single_bound(stream: TokenStream, read: Reader) -> Bound:
    r"""Read `x \in S` or `x` alone: the bound of a CHOOSE."""
    start = stream.next.span
    pattern = _pattern(stream)
    if not stream.accept("\\in"):
        return Bound((pattern,), None, start.to(stream.last))
    domain = read(stream)
    return Bound((pattern,), domain, start.to(domain.span))


def _looks_like_a_bound(stream: TokenStream) -> bool:
    r"""Tell whether names (or one tuple of names) and then `\in` follow."""
    distance, token = 0, stream.ahead(0)
    while token.kind == "name" or (token.kind == "symbol" and token.text in {"<<", ">>", ","}):
        distance += 1
        token = stream.ahead(distance)
    return distance > 0 and token.kind == "symbol" and token.text == "\\in"


def braces(stream: TokenStream, read: Reader) -> Node:
    r"""Read `{}`, `{a, b}`, `{x \in S : P}` or `{e : x \in S}`."""
    start = stream.take().span
    if stream.accept("}"):
        return SetList(start.to(stream.last), ())
    if _looks_like_a_bound(stream):
        found = _set_filter(stream, read)
        if found is not None:
            return found
    first = read(stream)
    if stream.accept(":"):
        over = bounds(stream, read)
        end = stream.need("}", "a set").span
        return SetMap(start.to(end), first, over)
    items = [first]
    while stream.accept(","):
        items.append(read(stream))
    end = stream.need("}", "a set").span
    return SetList(start.to(end), tuple(items))


def _set_filter(stream: TokenStream, read: Reader) -> Node | None:
    r"""Read `x \in S : P}`; None, with nothing read, if it is the truth value `x \in S` that is listed or mapped."""
    before = stream.at
    start = stream.ahead(-1).span
    bound = single_bound(stream, read) if stream.ahead(1).text != "," else None
    if bound is None or not stream.sees(":"):
        stream.at = before
        return None
    stream.take()
    if _looks_like_a_bound(stream):
        return _filter_or_map(stream, read, before)
    body = read(stream)
    end = stream.need("}", "a set").span
    return SetFilter(start.to(end), bound, body)


def _filter_or_map(stream: TokenStream, read: Reader, before: int) -> Node:
    r"""Read `x \in S : y \in T}`, which SANY takes for a filter."""
    start = stream.all[before - 1].span
    stream.at = before
    bound = single_bound(stream, read)
    stream.need(":", "a set")
    body = read(stream)
    end = stream.need("}", "a set").span
    return SetFilter(start.to(end), bound, body)


def angled(stream: TokenStream, read: Reader) -> Node:
    """Read `<<a, b>>` or `<<A>>_v`."""
    start = stream.take().span
    items: list[Node] = []
    if not stream.sees(">>", ">>_"):
        items = _list(stream, read)
    if stream.sees(">>_") and len(items) == 1:
        stream.take()
        subscript = _subscript(stream, read)
        return Boxed(start.to(subscript.span), items[0], subscript, angle=True)
    end = stream.need(">>", "a tuple").span
    return Tuple(start.to(end), tuple(items))


def _subscript(stream: TokenStream, read: Reader) -> Node:
    """Read the subscript of an action: a name (with instances before it), a tuple, or something in parentheses."""
    token = stream.next
    if token.kind == "name":
        first, path = stream.take(), []
        name = first.text
        while stream.accept("!"):
            path.append((name, ()))
            name = stream.name("the subscript of an action").text
        return Use(first.span.to(stream.last), name, (), tuple(path))
    if stream.sees("<<"):
        return angled(stream, read)
    stream.need("(", "the subscript of an action")
    inner = read(stream)
    stream.need(")", "the subscript of an action")
    return inner


def index(stream: TokenStream, function: Node, read: Reader) -> Node:
    """Read `[a, b]` after a function."""
    stream.take()
    args = _list(stream, read)
    end = stream.need("]", "the argument of a function").span
    return Index(function.span.to(end), function, tuple(args))


def square(stream: TokenStream, read: Reader) -> Node:
    """Read what begins with `[` where an operand is expected: functions, records, their sets, EXCEPT, `[A]_v`."""
    start = stream.take()
    after = stream.ahead(1)
    if stream.next.kind in {"name", "keyword"} and after.kind == "symbol" and after.text in {"|->", ":"}:
        return _record(stream, start.span.to, read)
    if _looks_like_a_bound(stream):
        before = stream.at
        over = bounds(stream, read)
        if stream.accept("|->"):
            body = read(stream)
            end = stream.need("]", "a function").span
            return Function(start.span.to(end), over, body)
        stream.at = before
    first = read(stream)
    if stream.accept("EXCEPT"):
        return _except(stream, start.span.to, first, read)
    if stream.accept("->"):
        target = read(stream)
        end = stream.need("]", "a set of functions").span
        return FunctionSet(start.span.to(end), first, target)
    if not stream.sees("]_"):
        raise stream.unexpected("|->, ->, EXCEPT, or ]_ with a subscript", "what [ began")
    stream.take()
    subscript = _subscript(stream, read)
    return Boxed(start.span.to(subscript.span), first, subscript, angle=False)


def _record(stream: TokenStream, span: Callable[..., object], read: Reader) -> Node:
    names: list[str] = []
    values: list[Node] = []
    sign = stream.ahead(1).text
    while True:
        names.append(stream.take().text)
        stream.need(sign, "a record" if sign == "|->" else "a set of records")
        values.append(read(stream))
        if not stream.accept(","):
            break
    end = stream.need("]", "a record").span
    return Record(span(end), tuple(names), tuple(values), sign == ":")  # type: ignore[arg-type]


def _except(stream: TokenStream, span: Callable[..., object], function: Node, read: Reader) -> Node:
    updates = [_update(stream, read)]
    while stream.accept(","):
        updates.append(_update(stream, read))
    end = stream.need("]", "an EXCEPT").span
    return Except(span(end), function, tuple(updates))  # type: ignore[arg-type]


def _update(stream: TokenStream, read: Reader) -> Update:
    start = stream.need("!", "an EXCEPT").span
    path: list[Node] = []
    while True:
        if stream.accept("."):
            field = stream.take()
            path.append(String(field.span, field.text))
        elif stream.accept("["):
            args = _list(stream, read)
            end = stream.need("]", "the path of an EXCEPT").span
            path.append(args[0] if len(args) == 1 else Tuple(args[0].span.to(end), tuple(args)))
        else:
            break
    if not path:
        raise stream.unexpected(".field or [argument]", "the path of an EXCEPT")
    stream.need("=", "an EXCEPT")
    value = read(stream)
    return Update(start.to(value.span), tuple(path), value)
