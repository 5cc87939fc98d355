"""The rewrite of expressions. See `rewriting` for what it must keep as it is."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.books import is_silent
from treadle.runtime.instrumentation.injected import GLOBALS, HOOKS
from treadle.runtime.instrumentation.trees import children
from treadle.runtime.instrumentation.ways import METHODS

if TYPE_CHECKING:
    from treadle.runtime.instrumentation.scopes import Scope, Scopes


SYMBOLS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.MatMult: "@", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitXor: "^", ast.BitOr: "|",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_UNTOUCHED = frozenset({"super", "locals", "globals", "isinstance", "issubclass", "id", "type", "range", "callable"})
"""Built-in functions that touch nothing; called as they are, unless the module has its own of that name."""


_SHOWING = frozenset({"locals", "vars", "dir"})
"""Those that show a function's variables, ours among them."""


class Expressions(ast.NodeTransformer):
    """Rewrites expressions; statements are its subclass's business."""

    def __init__(self, scopes: Scopes, watched: frozenset[str] | None) -> None:
        """`watched`: the names of attributes whose loads are recorded; None: of all."""
        self._scopes = scopes
        self._watched = watched
        self._path: list[Scope] = [scopes.module]
        self._constants: set[str] = set()  # names of the module, or built in, that functions read without a hook

    @property
    def _scope(self) -> Scope:
        return self._path[-1]

    def expression(self, node: ast.expr) -> ast.expr:
        """The expression, rewritten."""
        new: ast.expr = self.visit(node)
        return new

    def hook(self, place: ast.AST, hook: str, *args: ast.expr) -> ast.Call:
        """A call of one of our hooks, in the place of a node."""
        function = ast.Attribute(_name(HOOKS), hook, ast.Load())
        placed: ast.Call = _at(place, ast.Call(function, list(args), []))
        # A call is on the line where its function's name ends.
        function.end_lineno, function.end_col_offset = function.lineno, function.col_offset
        return placed

    def placed(self, place: ast.AST, node: ast.expr) -> ast.expr:
        """A new expression in the place of a node."""
        new: ast.expr = _at(place, node)
        return new

    # Names.

    def variable(self, name: str) -> ast.expr | None:
        """The thing of which a name is a volatile part; None if it is no part of any."""
        owner = self._scope.owner(name)
        if owner is None:
            volatile = self._scope.kind != "module" and self._scopes.is_volatile_global(name)
            return _name(GLOBALS) if volatile else None
        if not owner.is_volatile(name):
            return None
        return _name(token(owner)) if owner.kind == "function" else None

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if not isinstance(node.ctx, ast.Load):
            return node
        scope = self.variable(node.id)
        if scope is None:
            owner = self._scope.owner(node.id)
            if owner is None and self._scope.kind != "module":
                self._constants.add(node.id)
            if owner is None or owner is self._scope or not owner.is_volatile(node.id):
                return node
            return self._after(
                node, "unseen", ast.Constant(f"{node.id}, a variable of a {owner.kind} that is seen later")
            )
        return self._after(node, "read", scope, ast.Constant(node.id))

    def _after(self, node: ast.expr, hook: str, *args: ast.expr) -> ast.expr:
        """The node, read right after a hook that returns True."""
        return self.placed(node, ast.IfExp(self.hook(node, hook, *args), node, ast.Constant(None)))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        scope = self.variable(node.target.id)
        value = self.expression(node.value)
        node.value = value if scope is None else self.hook(node, "bind", scope, ast.Constant(node.target.id), value)
        return node

    # Attributes and items.

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        owner = self.expression(node.value)
        if isinstance(node.ctx, ast.Load):
            if is_silent(node) or self.is_constant(self.mangled(node.attr)):
                node.value = owner
                return node
            name = self.mangled(node.attr)
            hook = "attribute" if self._watched is None or _may_be_kept(name) else "load"
            return self.hook(_name_of(node), hook, owner, ast.Constant(name))
        target = self.hook(node, "attribute_target", owner, ast.Constant(self.mangled(node.attr)))
        return self.placed(node, ast.Attribute(target, "value", node.ctx))

    def is_constant(self, name: str) -> bool:
        """Whether a load of this attribute needs no hook."""
        return self._watched is not None and name not in self._watched and not _may_be_kept(name)

    def is_private(self, node: ast.expr) -> bool:
        """Whether it is a list that nobody else can have: to look at it needs no hook (see `private`)."""
        owner = self._scope.owner(node.id) if isinstance(node, ast.Name) else None
        return owner is not None and isinstance(node, ast.Name) and node.id in owner.private

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.ctx, ast.Load) and self.is_private(node.value) and not isinstance(node.slice, ast.Slice):
            node.slice = self.expression(node.slice)
            return node
        owner, key = self.expression(node.value), self.key(node.slice)
        if isinstance(node.ctx, ast.Load):
            return self.hook(node, "item", owner, key)
        target = self.hook(node, "item_target", owner, key)
        return self.placed(node, ast.Attribute(target, "value", node.ctx))

    def key(self, node: ast.expr) -> ast.expr:
        """What stands between brackets; `a:b` becomes a slice object."""
        if isinstance(node, ast.Slice):
            parts = [self.expression(p) if p is not None else ast.Constant(None) for p in _ends(node)]
            return self.hook(node, "slice", *parts)
        if isinstance(node, ast.Tuple):
            node.elts = [self.key(part) for part in node.elts]
            return node
        return self.expression(node)

    def mangled(self, name: str) -> str:
        """A private name as the class has it, in which it stands."""
        if not name.startswith("__") or name.endswith("__"):
            return name
        for scope in reversed(self._path):
            if scope.kind == "class":
                inside = scope.node.name.lstrip("_")  # type: ignore[attr-defined]
                return f"_{inside}{name}" if inside else name
        return name

    # Calls.

    def visit_Call(self, node: ast.Call) -> ast.expr:
        function = node.func
        if isinstance(function, ast.Name) and self._is_untouched(function.id, node):
            self._constants.add(function.id)
            self.arguments(node)
            shows = function.id in _SHOWING and not node.args and self._scope.kind not in ("module", "class")
            return self.hook(node, "own", node) if shows else node
        if isinstance(function, ast.Attribute) and not is_silent(function):
            owner = self.expression(function.value)
            place = _name_of(function)
            node.lineno, node.col_offset = place.lineno, place.col_offset
            name = self.mangled(function.attr)
            if self.is_constant(name):
                function.value = owner
                node.func = self.hook(place, "callee", function)
            else:
                node.func = self.hook(place, "method", owner, ast.Constant(name))
        else:
            node.func = self.hook(function, "callee", self.expression(function))
        self.arguments(node)
        return node

    def _is_untouched(self, name: str, node: ast.Call) -> bool:
        known = name in _UNTOUCHED or (name in ("vars", "dir") and not node.args)
        return known and self._scope.owner(name) is None and name not in self._scopes.globals_bound

    def arguments(self, node: ast.Call | ast.ClassDef) -> None:
        """Arguments, and what is unpacked into them."""
        positional = node.args if isinstance(node, ast.Call) else node.bases
        positional[:] = [self.expression(argument) for argument in positional]
        for keyword in node.keywords:
            value = self.expression(keyword.value)
            keyword.value = value if keyword.arg is not None else self.hook(keyword.value, "spread", value)

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        node.value = self.expression(node.value)
        if isinstance(node.ctx, ast.Load):
            node.value = self.hook(node.value, "unpack", node.value)
        return node

    # Operators.

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.expression(node.left), self.expression(node.right)
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            node.left, node.right = left, right
            return node
        return self.hook(node, "binary", ast.Constant(SYMBOLS[type(node.op)]), left, right)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        if all(isinstance(operator, (ast.Is, ast.IsNot)) for operator in node.ops):
            self.generic_visit(node)
            return node
        operands = [self.expression(operand) for operand in (node.left, *node.comparators)]
        if len(node.ops) > 1:
            node.left = self.hook(operands[0], "chained", operands[0])
            node.comparators = [self.hook(operand, "chained", operand) for operand in operands[1:]]
            return node
        operator, (left, right) = node.ops[0], operands
        if isinstance(operator, ast.In):
            return self.hook(node, "contains", left, right)
        if isinstance(operator, ast.NotIn):
            return self.placed(node, ast.UnaryOp(ast.Not(), self.hook(node, "contains", left, right)))
        return self.hook(node, "binary", ast.Constant(SYMBOLS[type(operator)]), left, right)

    def truth(self, node: ast.expr) -> ast.expr:
        """An expression that is asked whether it is true."""
        if isinstance(node, ast.BoolOp):
            node.values = [*map(self.truth, node.values)]
            return node
        new = self.expression(node)
        if isinstance(node, (ast.Compare, ast.Constant)) or self.is_private(node):
            return new
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return new
        return self.hook(node, "truth", new)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        *asked, last = node.values
        node.values = [*map(self.truth, asked), self.expression(last)]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        if isinstance(node.op, ast.Not):
            node.operand = self.truth(node.operand)
        else:
            node.operand = self.expression(node.operand)
            if not isinstance(node.operand, ast.Constant):
                node.operand = self.hook(node.operand, "whole", node.operand)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        node.test = self.truth(node.test)
        node.body = self.expression(node.body)
        node.orelse = self.expression(node.orelse)
        return node

    # Displays, strings, comprehensions.

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        for index, (key, value) in enumerate(zip(node.keys, node.values, strict=True)):
            if key is not None:
                node.keys[index] = self.expression(key)
                node.values[index] = self.expression(value)
            else:
                node.values[index] = self.hook(value, "mapped", self.hook(value, "whole", self.expression(value)))
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.expr:
        node.value = self.hook(node.value, "whole", self.expression(node.value))
        if node.format_spec is not None:
            node.format_spec = self.expression(node.format_spec)
        return node

    def visit_YieldFrom(self, node: ast.YieldFrom) -> ast.expr:
        node.value = self.hook(node.value, "delegate", self.expression(node.value))
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:
        self.defaults(node.args)
        self._path.append(self._scopes.of[node])
        node.body = self.expression(node.body)
        self._path.pop()
        return node

    def defaults(self, arguments: ast.arguments) -> None:
        """Default values are evaluated where the function is defined, and published there (see `plain.variables_of`)."""
        arguments.defaults = [self._default(default) for default in arguments.defaults]
        arguments.kw_defaults = [d if d is None else self._default(d) for d in arguments.kw_defaults]

    def _default(self, node: ast.expr) -> ast.expr:
        value = self.expression(node)
        return value if isinstance(node, ast.Constant) else self.hook(node, "share", value)

    def visit_ListComp(self, node: Any) -> ast.expr:
        start = node.generators[0]
        first = self.iterated(start.iter, start.target, is_async=bool(start.is_async))
        if isinstance(node, ast.GeneratorExp) and isinstance(first, ast.Call):
            # Others may go through it later, and what it goes through was made here.
            first.args = [self.hook(start.iter, "share", argument) for argument in first.args]
        self._path.append(self._scopes.of[node])
        for index, clause in enumerate(node.generators):
            clause.iter = (
                first if index == 0 else self.iterated(clause.iter, clause.target, is_async=bool(clause.is_async))
            )
            clause.target = self.expression(clause.target)
            clause.ifs = [self.truth(test) for test in clause.ifs]
        for field in ("key", "value", "elt"):
            if hasattr(node, field):
                setattr(node, field, self.expression(getattr(node, field)))
        self._path.pop()
        return node  # type: ignore[no-any-return]

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp  # noqa: N815

    def iterated(self, node: ast.expr, target: ast.expr, *, is_async: bool) -> ast.expr:
        """What a loop goes through."""
        unpacked = isinstance(target, (ast.Tuple, ast.List))
        new = self.expression(node)
        if is_async or isinstance(node, ast.Constant) or _is_range(new) or (self.is_private(node) and not unpacked):
            return new
        if isinstance(target, (ast.Tuple, ast.List)) and any(
            isinstance(part, (ast.Tuple, ast.List)) for part in target.elts
        ):
            return self.hook(node, "iterate_unpacked", new, shape_of(target))
        return self.hook(node, "iterate_unpacked" if unpacked else "iterate", new)


def shape_of(target: ast.expr) -> ast.expr:
    """How a target takes a value apart: None if it does not, else a shape for each part, with a `*` for a star."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        return ast.Constant("*" if isinstance(target, ast.Starred) else None)
    return ast.Tuple([shape_of(part) for part in target.elts], ast.Load())


def _may_be_kept(name: str) -> bool:
    """Whether what is loaded may be a container's own method, which goes on making accesses."""
    return name in METHODS or (name.startswith("__") and name.endswith("__"))


def _is_range(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"


def _ends(node: ast.Slice) -> tuple[ast.expr | None, ...]:
    return (node.lower, node.upper, node.step)


def token(scope: Scope) -> str:
    """The local variable that holds a function's captured variables as a thing."""
    return f"_treadle_{scope.node.lineno}_{scope.node.col_offset}"  # type: ignore[attr-defined]


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _name_of(node: ast.Attribute) -> ast.expr:
    """The place of an attribute's name, which is where Python says that its owner's expression ends."""
    if node.end_lineno is None or node.end_col_offset is None or node.lineno == node.end_lineno:
        return node
    place = ast.copy_location(ast.Constant(None), node)
    place.lineno, place.col_offset = node.end_lineno, max(node.end_col_offset - len(node.attr), 0)
    return place


def _at(place: ast.AST, node: Any) -> Any:
    """A new node and all that is new below it, at the position of an old one."""
    ast.copy_location(node, place)
    for part in children(node):
        if "lineno" in part._attributes and not hasattr(part, "lineno"):
            _at(place, part)
    return node
