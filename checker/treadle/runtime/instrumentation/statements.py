"""The rewrite of statements: assignments to every kind of target, and what binds a volatile variable."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from treadle.runtime.instrumentation.books import is_silent
from treadle.runtime.instrumentation.expressions import SYMBOLS, shape_of, token
from treadle.runtime.instrumentation.injected import GLOBALS, HOOKS
from treadle.runtime.instrumentation.liveness import Liveness
from treadle.runtime.instrumentation.patterns import Patterns

if TYPE_CHECKING:
    from treadle.runtime.instrumentation.liveness import Loop
    from treadle.runtime.instrumentation.scopes import Scopes

Body = list[ast.stmt]


class Statements(Patterns):
    """Rewrites everything."""

    def __init__(self, scopes: Scopes, watched: frozenset[str] | None) -> None:
        super().__init__(scopes, watched)
        self._temporaries = 0
        self._liveness: list[Liveness | None] = [None]  # of the functions and classes around

    # Blocks.

    def visit_Module(self, node: ast.Module) -> ast.Module:
        node.body = self.block(node.body)
        start = prologue_length(node.body) if node.body else 0
        namespace = ast.Call(ast.Name("globals", ast.Load()), [], [])
        taken = ast.Tuple([ast.Constant(name) for name in sorted(self._constants)], ast.Load())
        thing = ast.Call(ast.Attribute(ast.Name(HOOKS, ast.Load()), "module", ast.Load()), [namespace, taken], [])
        first = ast.Assign([ast.Name(GLOBALS, ast.Store())], thing, lineno=1, col_offset=0)
        # In code that is executed with locals of its own, too, it is a global.
        said = ast.Global([GLOBALS], lineno=1, col_offset=0)
        node.body[start:start] = [said, ast.fix_missing_locations(first)]
        return node

    def visit_Expression(self, node: ast.Expression) -> ast.Expression:
        node.body = self.expression(node.body)
        return node

    def block(self, body: Body) -> Body:
        """The statements, each rewritten into one or several."""
        new: Body = []
        for statement in body:
            done = self.visit(statement)
            new.extend(done if isinstance(done, list) else [done])
        return new

    def visit_FunctionDef(self, node: Any) -> Any:
        if is_silent(node):
            return node
        before = self._before_binding(node, node.name)
        node.decorator_list = [self._decorator(decorator) for decorator in node.decorator_list]
        self.defaults(node.args)
        scope = self._scopes.of[node]
        self._path.append(scope)
        self._liveness.append(Liveness(node))
        node.body = self.block(node.body)
        self._liveness.pop()
        self._path.pop()
        if any(scope.is_volatile(name) for name in scope.bindings):
            make = self.hook(node.body[0], "scope", ast.Constant(node.name))
            local = ast.copy_location(ast.Assign([ast.Name(token(scope), ast.Store())], make), node.body[0])
            node.body.insert(prologue_length(node.body), ast.fix_missing_locations(local))
        return [*before, node]

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def _decorator(self, node: ast.expr) -> ast.expr:
        return self.hook(node, "callee", self.expression(node))

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        before = self._before_binding(node, node.name)
        node.decorator_list = [self._decorator(decorator) for decorator in node.decorator_list]
        self.arguments(node)
        self._path.append(self._scopes.of[node])
        self._liveness.append(None)
        node.body = self.block(node.body)
        self._liveness.pop()
        self._path.pop()
        if any(scope.kind == "function" for scope in self._path):
            self._decorate(node, "share")
        self._decorate(node, "hashed")
        names = ast.copy_location(ast.Global([HOOKS, GLOBALS]), node.body[0])
        node.body.insert(prologue_length(node.body), names)
        return [*before, node]

    def _decorate(self, node: ast.ClassDef, hook: str) -> None:
        """Let a hook see the class when everything else has been done to it."""
        made = ast.Attribute(ast.Name(HOOKS, ast.Load()), hook, ast.Load())
        node.decorator_list.insert(0, ast.fix_missing_locations(ast.copy_location(made, node)))

    def _before_binding(self, node: ast.stmt, name: str) -> Body:
        """The step before a statement that binds a volatile name by itself."""
        scope = self.variable(name)
        if scope is None:
            return []
        label = ast.Constant(name)
        statements: Body = [self._do(node, "write", scope, label)]
        if getattr(node, "decorator_list", None):
            statements.append(self._do(node, "unseen", ast.Constant(f"{name} is decorated while it is shared")))
        return statements

    def _do(self, place: ast.AST, hook: str, *args: ast.expr) -> ast.stmt:
        statement = ast.Expr(self.hook(place, hook, *args))
        return ast.copy_location(statement, place)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> Any:
        before: Body = []
        for alias in node.names:
            if self._scope.kind != "module":
                before += self._before_binding(node, (alias.asname or alias.name).split(".")[0])
        return [*before, node]

    visit_ImportFrom = visit_Import  # noqa: N815

    # Assignment.

    def visit_Assign(self, node: ast.Assign) -> Any:
        if is_silent(node):
            return node
        if len(node.targets) == 1 and isinstance(node.targets[0], (ast.Attribute, ast.Subscript)):
            return self._stored(node, node.targets[0], self.expression(node.value))
        value = self.expression(node.value)
        if any(isinstance(target, (ast.Tuple, ast.List)) for target in node.targets):
            if len(node.targets) == 1 and _is_nested(node.targets):
                value = self.hook(node.value, "unpack_all", value, shape_of(node.targets[0]))
            elif not isinstance(node.value, ast.Tuple) or _is_nested(node.targets):
                value = self.hook(node.value, "unpack", value)
        elif len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            value = self.named(node.targets[0].id, node.value, value)
            node.value = value
            return node
        node.value = value
        after: Body = []
        node.targets = [self.target(target, after) for target in node.targets]
        return [node, *after]

    def named(self, name: str, place: ast.AST, value: ast.expr) -> ast.expr:
        """The value that a variable is given."""
        scope = self.variable(name)
        if scope is not None:
            return self.hook(place, "bind", scope, ast.Constant(name), value)
        owner = self._scope.owner(name)
        seen = name in owner.captured if owner is not None else self._scope.kind == "module"
        return self.hook(place, "share", value) if seen and not isinstance(value, ast.Constant) else value

    def _stored(self, place: ast.stmt, target: ast.Attribute | ast.Subscript, value: ast.expr) -> ast.stmt:
        if isinstance(target, ast.Attribute) and is_silent(target):
            return ast.copy_location(ast.Assign([target], value), place)
        owner = self.expression(target.value)
        if isinstance(target, ast.Attribute):
            return self._do(place, "store", value, owner, ast.Constant(self.mangled(target.attr)))
        return self._do(place, "set_item", value, owner, self.key(target.slice))

    def target(self, node: ast.expr, after: Body) -> ast.expr:
        """A target of any shape. What is bound later, once it is unpacked, is added to `after`."""
        if isinstance(node, ast.Name):
            scope = self.variable(node.id)
            return node if scope is None else self._bound_later(node, node.id, scope, after)
        if isinstance(node, (ast.Tuple, ast.List)):
            node.elts = [self.target(element, after) for element in node.elts]
            return node
        if isinstance(node, ast.Starred):
            node.value = self.target(node.value, after)
            return node
        return self.expression(node)

    def _bound_later(self, place: ast.AST, name: str, scope: ast.expr, after: Body) -> ast.Name:
        self._temporaries += 1
        local = f"_treadle_{name}_{self._temporaries}"
        value = self.hook(place, "bind", scope, ast.Constant(name), ast.Name(local, ast.Load()))
        bind = ast.Assign([ast.Name(name, ast.Store())], value)
        after.append(ast.fix_missing_locations(ast.copy_location(bind, place)))
        return ast.copy_location(ast.Name(local, ast.Store()), place)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        if node.value is None:
            return node
        node.value = self.expression(node.value)
        if isinstance(node.target, ast.Name):
            node.value = self.named(node.target.id, node.value, node.value)
        else:
            target: Any = self.expression(node.target)
            node.target = target
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        target, symbol = node.target, ast.Constant(SYMBOLS[type(node.op)])
        if isinstance(target, ast.Name):
            load = self.expression(ast.copy_location(ast.Name(target.id, ast.Load()), target))
            value = self.hook(node, "in_place", load, symbol, self.expression(node.value))
            scope = self.variable(target.id)
            if scope is not None:
                value = self.hook(node, "bind", scope, ast.Constant(target.id), value)
            return ast.copy_location(ast.Assign([target], value), node)
        owner = self.expression(target.value)
        kind = "attribute" if isinstance(target, ast.Attribute) else "item"
        part = ast.Constant(self.mangled(target.attr)) if isinstance(target, ast.Attribute) else self.key(target.slice)
        begun = self.hook(target, f"{kind}_begin", owner, part)
        return self._do(node, f"{kind}_finish", begun, symbol, self.expression(node.value))

    def visit_Delete(self, node: ast.Delete) -> Any:
        statements: Body = []
        for target in _flat(node.targets):
            if isinstance(target, ast.Name):
                scope = self.variable(target.id)
                if scope is not None:
                    statements.append(self._do(node, "write", scope, ast.Constant(target.id)))
                statements.append(ast.copy_location(ast.Delete([target]), node))
            elif isinstance(target, ast.Attribute) and is_silent(target):
                statements.append(ast.copy_location(ast.Delete([target]), node))
            elif isinstance(target, ast.Attribute):
                owner, name = self.expression(target.value), ast.Constant(self.mangled(target.attr))
                statements.append(self._do(node, "delete", owner, name))
            elif isinstance(target, ast.Subscript):
                statements.append(self._do(node, "del_item", self.expression(target.value), self.key(target.slice)))
        return statements

    # Control.

    def visit_If(self, node: ast.If) -> Any:
        node.test = self.truth(node.test)
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node

    def watched(self, node: Loop) -> tuple[Body, ast.expr | None]:
        """What stands before a loop that is watched, and what each turn begins with; nothing, if it is not watched."""
        liveness, scope = self._liveness[-1], self._scope
        compared = None
        if liveness is not None:
            compared = liveness.compared(node, [name for name in scope.bindings if not scope.is_volatile(name)])
        if compared is None:
            return [], None
        self._temporaries += 1
        name = f"{HOOKS}_loop_{self._temporaries}"
        key = f"{getattr(scope.node, 'name', '?')}:{node.lineno}:{node.col_offset}"
        begin = ast.Assign([ast.Name(name, ast.Store())], self.hook(node, "loop", ast.Constant(key)))
        values: list[ast.expr] = [
            ast.Name(known, ast.Load()) if compared.certain else ast.Constant(known) for known in compared.names
        ]
        method = ast.Attribute(ast.Name(name, ast.Load()), "lap" if compared.certain else "look", ast.Load())
        place = node.test if isinstance(node, ast.While) else node.body[0]
        return [ast.fix_missing_locations(ast.copy_location(begin, node))], self.placed(
            place, ast.Call(method, values, [])
        )

    def visit_While(self, node: ast.While) -> Any:
        before, turn = self.watched(node)
        test = self.truth(node.test)
        again = turn if turn is not None else self.hook(node.test, "lap")
        node.test = ast.copy_location(ast.BoolOp(ast.And(), [again, test]), node.test)
        if isinstance(test, ast.Constant) and test.value:
            node.test = again  # keeps `while True` a loop whose else is never reached
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return [*before, node] if before else node

    def visit_For(self, node: Any) -> Any:
        before, turn = self.watched(node) if _may_be_endless(node) else ([], None)
        node.iter = self.iterated(node.iter, node.target, is_async=isinstance(node, ast.AsyncFor))
        after: Body = []
        node.target = self.target(node.target, after)
        first = [] if turn is None else [ast.copy_location(ast.Expr(turn), turn)]
        node.body, node.orelse = [*after, *first, *self.block(node.body)], self.block(node.orelse)
        return [*before, node]

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_With(self, node: Any) -> Any:
        first, *others = node.items
        first.context_expr = self._manager(first.context_expr)
        after: Body = []
        if first.optional_vars is not None:
            first.optional_vars = self.target(first.optional_vars, after)
        if others and after:
            inner = ast.copy_location(type(node)(items=others, body=node.body), node)
            node.items, node.body = [first], [*after, *self.block([inner])]
            return node
        for item in others:
            item.context_expr = self._manager(item.context_expr)
            if item.optional_vars is not None:
                item.optional_vars = self.target(item.optional_vars, after)
        node.body = [*after, *self.block(node.body)]
        return node

    visit_AsyncWith = visit_With  # noqa: N815

    def _manager(self, node: ast.expr) -> ast.expr:
        return self.hook(node, "managed", self.expression(node))

    def visit_Try(self, node: Any) -> Any:
        node.body = self.block(node.body)
        for handler in node.handlers:
            self._handler(handler)
        node.orelse, node.finalbody = self.block(node.orelse), self.block(node.finalbody)
        return node

    visit_TryStar = visit_Try  # noqa: N815

    def _handler(self, handler: ast.ExceptHandler) -> None:
        if handler.type is not None:
            handler.type = self.expression(handler.type)
        scope = self.variable(handler.name) if handler.name else None
        body = self.block(handler.body)
        if scope is None or handler.name is None:
            handler.body = body
            return
        after: Body = []
        place = handler.body[0]
        name = handler.name
        handler.name = self._bound_later(place, name, scope, after).id
        unbind: Body = [
            ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)),
            ast.Delete([ast.Name(name, ast.Del())]),
        ]
        guarded = ast.Try([*after, *body], [], [], [self._do(place, "write", scope, ast.Constant(name)), *unbind])
        handler.body = [ast.fix_missing_locations(ast.copy_location(guarded, place))]

    def visit_Assert(self, node: ast.Assert) -> Any:
        node.test = self.truth(node.test)
        if node.msg is not None:
            node.msg = self.expression(node.msg)
        return node

    def visit_TypeAlias(self, node: Any) -> Any:
        return node


def prologue_length(body: Body) -> int:
    """How many statements have to stay in front: the docstring, imports from the future."""
    length = 0
    if (
        isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
        and isinstance(body[0].value.value, str)
    ):
        length = 1
    while length < len(body):
        statement = body[length]
        if not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            break
        length += 1
    return length


_FINITE = frozenset({"range", "enumerate", "zip", "reversed", "sorted", "list", "tuple", "set", "dict", "len", "open"})
_SHOWN = frozenset({"items", "keys", "values", "copy", "split"})


def _may_be_endless(node: Any) -> bool:
    """Whether a `for` goes through something that was called for, and is not known to come to an end."""
    if not isinstance(node, ast.For) or not isinstance(node.iter, ast.Call):
        return False
    function = node.iter.func
    if isinstance(function, ast.Name):
        return function.id not in _FINITE
    return not (isinstance(function, ast.Attribute) and function.attr in _SHOWN)


def _is_nested(targets: list[ast.expr]) -> bool:
    return any(
        isinstance(element, (ast.Tuple, ast.List))
        for target in targets
        if isinstance(target, (ast.Tuple, ast.List))
        for element in target.elts
    )


def _flat(targets: list[ast.expr]) -> list[ast.expr]:
    flat: list[ast.expr] = []
    for target in targets:
        flat += _flat(target.elts) if isinstance(target, (ast.Tuple, ast.List)) else [target]
    return flat
