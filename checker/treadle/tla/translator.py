"""From expressions to Python source: the engine, without the meaning of any construct.

An expression becomes the text of a Python expression. What Python cannot say in an expression (a quantifier, a binding)
is *lifted* into a function of its own, whose parameters are the local names that its text mentions; the text of the
expression is then a call. What mentions no local name is a constant: it is computed at once and becomes a name `K7`.
Names tell what they are: `v_x` is variable x, `n_x` is x', `b_i_3` and `p_i_3` are bound names, `K7` a constant,
`F7` a lifted function. Every bound name is unique, so the free names of a text can be read off the text.

Each construct that may fail stands on a line of its own, and `places` remembers which; a traceback is then enough to
find the expression, and the fast path carries no positions. The constructs themselves register with `translates`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakValueDictionary

from treadle.tla import operations, sequences, sets, values
from treadle.tla.failures import Failure
from treadle.tla.kinds import ANY, BOOL, Kind, kind_of_value
from treadle.tla.registers import Registers
from treadle.tla.sets import DescribedSet, endless
from treadle.tla.values import FALSE, TRUE, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from treadle.tla.scope import Environment, Operator
    from treadle.tla.syntax import Node

_NAME = re.compile(r"\b[bvnp]_\w+")
_BINDS = re.compile(r"\b(?:for|lambda) (\(?(?:[bvnp]_\w+|,|\s)+)|^\s*((?:[bvnp]_\w+|[(), ])+) = ", re.MULTILINE)
_ATOM = re.compile(r"\w+|-\d+|'[^'\\]*'")
_ACTS = "_acts"  # how the names of functions end that print, or that read or write registers
_LISTED_AT_ONCE = 64  # a larger set stays described: membership is quick, and its kind is read off the description


class Code(NamedTuple):
    """The text of an expression, and what is known of its value.

    `python` means that the text yields Python's True or False; `concrete` that a set or function is listed; `total`
    that it cannot fail.
    """

    text: str
    kind: Kind = ANY
    concrete: bool = True
    total: bool = False
    python: bool = False

    @property
    def atom(self) -> bool:
        """Whether the text is a name or a literal, free to repeat."""
        return _ATOM.fullmatch(self.text) is not None


class Place(NamedTuple):
    """Where a piece of generated code comes from."""

    node: Node
    environment: Environment


def boolean(text: str, *, total: bool = False) -> Code:
    """Return code that yields Python's True or False."""
    return Code(text, BOOL, python=True, total=total)


@lru_cache(maxsize=4_096)
def free_names(text: str) -> frozenset[str]:
    """Return the local names that a text mentions and does not bind."""
    found = set(_NAME.findall(text))
    if found:
        for bound, assigned in _BINDS.findall(text):
            found.difference_update(_NAME.findall(bound))
            found.difference_update(_NAME.findall(assigned))
    return frozenset(found)


def acts(text: str) -> bool:
    """Tell whether a text does more than compute a value, or depends on the run: it must not be computed beforehand."""
    return _ACTS + "(" in text


_FILES = count(1)
WRITTEN: WeakValueDictionary[str, Translator] = WeakValueDictionary()  # who wrote a file of generated code
_TRANSLATORS: dict[type, Callable[[Translator, Any, Environment], Code]] = {}


def translates(*kinds: type) -> Callable[[Callable[..., Code]], Callable[..., Code]]:
    """Register the translation of a kind of node."""

    def register(function: Callable[..., Code]) -> Callable[..., Code]:
        for kind in kinds:
            _TRANSLATORS[kind] = function
        return function

    return register


class Translator:
    """One round of translation: what was lifted, which constants there are, and where the pieces come from."""

    def __init__(self, kinds: dict[str, Kind]) -> None:
        self.kinds = kinds  # of the variables
        self.namespace: dict[str, Any] = {
            "T": TRUE,
            "F": FALSE,
            **{
                name: found
                for part in (sets, values, operations, sequences)
                for name, found in vars(part).items()
                if name[0] != "_"
            },
        }
        self.registers = Registers()
        self.namespace |= {name + _ACTS: function for name, function in self.registers.functions().items()}
        self.places: list[Place] = []
        self.lines: dict[tuple[str, int], Place] = {}  # (file name of generated code, line) to place
        self.texts: dict[str, str] = {}  # generated code by file name
        self.lifted: dict[str, tuple[str, tuple[str, ...]]] = {}  # body to function and parameters
        self.results: dict[tuple[Any, ...], Any] = {}  # translated definitions
        self.recursing: dict[tuple[Any, ...], tuple[str, tuple[str, ...]]] = {}
        self.texts_of_recursion: dict[str, str] = {}  # of the functions of RECURSIVE operators
        self._constants: dict[str, Code] = {}
        self._named: dict[int, str] = {}
        self._pending: list[str] = []
        self._number = 0

    def fresh(self, prefix: str) -> str:
        """Return a name that was never used."""
        self._number += 1
        return f"{prefix}{self._number}"

    def local(self, name: str, prefix: str = "b") -> str:
        """Return a fresh local name for a bound name."""
        return self.fresh(f"{prefix}_{re.sub(r'[^A-Za-z0-9]', '', name)}_")

    def raw(self, node: Node, env: Environment) -> Code:
        """Translate; the code may yield Python's truth values."""
        code = _TRANSLATORS[type(node)](self, node, env)
        return self._folded(code)

    def value(self, node: Node, env: Environment) -> Code:
        """Translate to code that yields a TLA+ value."""
        code = self.raw(node, env)
        if code.python:
            text = {"True": "T", "False": "F"}.get(code.text, f"(T if {code.text} else F)")
            return Code(text, BOOL, total=code.total)
        return code

    def stored(self, node: Node, env: Environment) -> Code:
        """Translate to code that yields a TLA+ value with its sets and functions listed."""
        code = self.value(node, env)
        return (
            code if code.concrete else code._replace(text=self.mark(node, env, f"listed({code.text})"), concrete=True)
        )

    def truth(self, node: Node, env: Environment) -> str:
        """Translate to the text of a Python condition."""
        code = self.raw(node, env)
        if code.python:
            return code.text
        if code.kind == BOOL:
            return f"({code.text} is T)"
        return self.mark(node, env, f"truth({code.text})")

    def mark(self, node: Node, env: Environment, text: str) -> str:
        """Put the text on a line of its own, and remember where it comes from."""
        self.places.append(Place(node, env))
        return f"(\x01{len(self.places) - 1}\x02{text})"

    def lift(self, body: str) -> str:
        """Make a function of the indented lines; return the call."""
        known = self.lifted.get(body)
        if known is None:
            known = (self.fresh("F") + (_ACTS if acts(body) else ""), tuple(sorted(free_names(body))))
            self.lifted[body] = known
            self._pending.append(f"def {known[0]}({', '.join(known[1])}):\n{body}\n")
        return f"{known[0]}({', '.join(known[1])})"

    def define(self, name: str, parameters: list[str], body: str) -> None:
        """Add a function with the given name."""
        self._pending.append(f"def {name}({', '.join(parameters)}):\n{body}\n")

    def constant(self, value: Value) -> Code:
        """Return the code of a value that is at hand."""
        if type(value) is int:
            return Code(str(value) if value >= 0 else f"({value})", kind_of_value(value), total=True)
        if value is TRUE or value is FALSE:
            return Code("T" if value is TRUE else "F", BOOL, total=True)
        if type(value) is str and re.fullmatch(r"[^'\\\n_]*", value) and not re.search(r"\bfor\b|\blambda\b", value):
            return Code(f"'{value}'", kind_of_value(value), total=True)
        name = self.fresh("K")
        self.namespace[name] = value
        concrete = not isinstance(value, DescribedSet | operations.LazyFunction)
        return Code(name, kind_of_value(value), concrete, total=True)

    def constant_named(self, prefix: str, value: object) -> str:
        """Give an object of ours (a domain, an order) a name in generated code; return the name."""
        name = self._named.get(id(value))
        if name is None:
            name = self._named[id(value)] = self.fresh(prefix)
            self.namespace[name] = value
        return name

    def known(self, code: Code) -> tuple[Value] | None:
        """Return the value of constant code in a tuple of one; None if it is not a constant."""
        if code.text[:1] == "K" and code.text in self.namespace:
            return (self.namespace[code.text],)
        if code.text in {"T", "F"}:
            return (self.namespace[code.text],)
        return (int(code.text),) if code.text.isdigit() else None

    def _folded(self, code: Code) -> Code:
        """Compute code that mentions no local name; what fails is left to fail when it is run."""
        if code.atom or free_names(code.text) or acts(code.text):
            return code
        found = self._constants.get(code.text)
        if found is None:
            found = self._computed(code)
            self._constants[code.text] = found
        return found

    def _computed(self, code: Code) -> Code:
        if self.recursing:
            return code
        try:
            self.flush()
            value = eval(self.unmarked(code.text), self.namespace)  # noqa: S307  (text that was written here)
            if code.python:
                return boolean(str(bool(value)), total=True)
            if isinstance(value, DescribedSet) and not endless(value) and len(value) <= _LISTED_AT_ONCE:
                value = value.listed()
            return self.constant(value)
        except (ArithmeticError, LookupError, TypeError, ValueError, RecursionError, NameError, Failure):
            return code

    def unmarked(self, text: str) -> str:
        """Return the text without its places."""
        return re.sub("\x01\\d+\x02", "", text)

    def flush(self) -> None:
        """Compile what was lifted since the last time."""
        if self._pending:
            text, self._pending = "\n".join(self._pending), []
            self.execute(text)

    def execute(self, text: str) -> None:
        """Compile and run generated code; note the place of each of its lines."""
        name = f"<TLA+ {next(_FILES)}>"
        WRITTEN[name] = self
        pieces = re.split("\x01(\\d+)\x02", text)
        line, parts = 1 + pieces[0].count("\n"), [pieces[0]]
        for number, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            line += 1
            self.lines[name, line] = self.places[int(number)]
            parts.append(piece)
            line += piece.count("\n")
        self.texts[name] = "\n".join(parts)
        exec(compile(self.texts[name], name, "exec"), self.namespace)  # noqa: S102  (text that was written here)


def operator_key(operator: Operator, env: Environment) -> tuple[Any, ...]:
    """Return what identifies a definition at a place: its text, its environment, and whether it is primed."""
    return (id(operator.body), id(operator.environment), env.primed)
