"""Generated TLA+: expressions that always have a value, by kind, and machines made of them."""

from __future__ import annotations

from hypothesis import strategies as st

Text = st.SearchStrategy[str]


def _infix(left: Text, symbols: str, right: Text) -> Text:
    return st.tuples(left, st.sampled_from(symbols.split()), right).map(lambda p: f"({p[0]} {p[1]} {p[2]})")


def _filled(template: str, *parts: Text) -> Text:
    return st.tuples(*parts).map(lambda found: template.format(*found))


class Grammar:
    """Expressions over given names of integers, truth values, sets, sequences and functions on 1..2."""

    def __init__(self, depth: int, names: dict[str, list[str]]) -> None:
        self.names = names
        self.integer = self._leaf("int", ["0", "1", "2", "3"])
        self.truth = self._leaf("bool", ["TRUE", "FALSE"])
        self.group = self._leaf("set", ["{}", "{1}", "{0, 2}", "1..3"])
        self.row = self._leaf("seq", ["<<>>", "<<1>>", "<<2, 0>>"])
        self.map = self._leaf("map", ["[i \\in 1..2 |-> i]", "[i \\in 1..2 |-> 0]"])
        self._level = 0
        for _ in range(depth):
            self._level += 1
            self._deepen()

    def _leaf(self, kind: str, literals: list[str]) -> Text:
        return st.sampled_from([*self.names.get(kind, []) * 2, *literals])

    def _filled(self, template: str, *parts: Text) -> Text:
        """Fill a template whose bound names (those with §) must differ from the ones inside the parts."""
        return _filled(template.replace("§", str(self._level)), *parts)

    def _deepen(self) -> None:
        deeper = (self._integers(), self._truths(), self._groups(), self._rows(), self._maps())
        self.integer, self.truth, self.group, self.row, self.map = deeper

    def _integers(self) -> Text:
        return st.one_of(
            self.integer,
            _infix(self.integer, "+ - *", self.integer),
            self._filled("({0} % 3)", self.integer),
            self._filled("({0} \\div 2)", self.integer),
            self._filled("Cardinality({0})", self.group),
            self._filled("Len({0})", self.row),
            self._filled("({0})[1]", self.map),
            self._filled("(IF {0} THEN {1} ELSE {2})", self.truth, self.integer, self.integer),
            self._filled("(LET k§ == {0} IN k§ + k§)", self.integer),
            self._filled("(CHOOSE c§ \\in ({0}) \\cup {{7}} : c§ >= 1)", self.group),
        )

    def _truths(self) -> Text:
        return st.one_of(
            self.truth,
            _infix(self.integer, "< <= > >= = #", self.integer),
            _infix(self.truth, "/\\ \\/ => <=>", self.truth),
            self._filled("(~{0})", self.truth),
            _infix(self.integer, "\\in \\notin", self.group),
            _infix(self.group, "\\subseteq = #", self.group),
            _infix(self.row, "= #", self.row),
            self._filled("(\\A u§ \\in {0} : u§ > {1})", self.group, self.integer),
            self._filled("(\\E u§ \\in {0} : u§ = {1})", self.group, self.integer),
        )

    def _groups(self) -> Text:
        return st.one_of(
            self.group,
            _infix(self.group, "\\cup \\cap \\", self.group),
            self._filled("{{{0}, {1}}}", self.integer, self.integer),
            self._filled("{{w§ \\in {0} : w§ # {1}}}", self.group, self.integer),
            self._filled("{{w§ + {1} : w§ \\in {0}}}", self.group, self.integer),
            self._filled("(UNION {{{0}, {1}}})", self.group, self.group),
            self._filled("DOMAIN ({0})", self.row),
        )

    def _rows(self) -> Text:
        return st.one_of(
            self.row,
            self._filled("Append({0}, {1})", self.row, self.integer),
            self._filled("({0} \\o {1})", self.row, self.row),
            self._filled("SelectSeq({0}, LAMBDA e§ : e§ > {1})", self.row, self.integer),
            self._filled("[i§ \\in 1..Len({0}) |-> {1}]", self.row, self.integer),
        )

    def _maps(self) -> Text:
        return st.one_of(
            self.map,
            self._filled("[i§ \\in 1..2 |-> {0} + i§]", self.integer),
            self._filled("[{0} EXCEPT ![2] = @ + {1}]", self.map, self.integer),
            self._filled("[{0} EXCEPT ![{1}] = {2}]", self.map, self.integer, self.integer),
        )


VALUES = Grammar(2, {})
_STATE = Grammar(1, {"int": ["x"], "set": ["s"], "seq": ["q"], "map": ["f"], "bool": ["b"]})


def _assignment(variable: str) -> Text:
    forms = {
        "x": _filled("x' = ({0}) % 4", _STATE.integer),
        "b": _filled("b' = ({0})", _STATE.truth),
        "s": _filled("s' = ({0}) \\cap 0..2", _STATE.group),
        "q": _filled("q' = LET r == {0} IN IF Len(r) > 2 THEN <<>> ELSE [i \\in 1..Len(r) |-> r[i] % 2]", _STATE.row),
        "f": _filled("f' = LET g == {0} IN [i \\in 1..2 |-> g[i] % 3]", _STATE.map),
    }
    choice = {"x": _filled("x' \\in {{({0}) % 4, 1}}", _STATE.integer), "s": st.just("s' \\in {{}, {1}, {0, 2}}")}
    return st.one_of(forms[variable], st.just(f"UNCHANGED {variable}"), choice.get(variable, forms[variable]))


_action = st.tuples(_STATE.truth, *(_assignment(variable) for variable in "xbsqf")).map(
    lambda parts: "/\\ " + " /\\ ".join(f"({part})" for part in parts)
)
_branched = st.tuples(_STATE.truth, _action, _action).map(
    lambda parts: f"(IF {parts[0]} THEN ({parts[1]}) ELSE ({parts[2]}))"
)
# Not a UNION: TLC goes through some of those with their elements repeated, and counts a step for each.
_chosen_from = st.sampled_from(["s", "0 .. x", "{x, 2}", "DOMAIN q", "s \\cup {3}", "{w \\div 2 : w \\in s}"])
action = st.one_of(_action, _branched, _filled("(\\E z \\in {0} : z > 0 /\\ ({1}))", _chosen_from, _action))
machine = st.lists(action, min_size=1, max_size=3)


def machines(found: list[list[str]]) -> str:
    """Return one module in which the variable m says which of the machines runs."""
    lines = ["EXTENDS Integers, Sequences, FiniteSets", "VARIABLES m, x, b, s, q, f"]
    lines.append(f"Init == m \\in 1..{len(found)} /\\ x = 0 /\\ b = TRUE /\\ s = {{}} /\\ q = <<>> /\\ f = <<0, 0>>")
    names = []
    for number, actions in enumerate(found, 1):
        for place, text in enumerate(actions):
            names.append(f"A{number}x{place}")
            lines.append(f"{names[-1]} == m = {number} /\\ m' = m /\\ ({text})")
    lines.append("Next == " + " \\/ ".join(names))
    return "\n".join(lines)
