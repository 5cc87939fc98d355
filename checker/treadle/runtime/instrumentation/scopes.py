"""Who owns each name: which variables of a module can be shared by tasks.

A local variable is seen by one task only. What several tasks can see are the globals of a module and the *captured*
variables: those of a function that some inner function, lambda or generator refers to. Of these only the ones that may
change once they are shared need an access: they are *volatile*. A captured variable is constant if it is a parameter
that is never bound again, or bound once, outside of any loop, before the first inner function that refers to it. A
global is constant if no function binds it; a function, class or import statement of the module level counts as the
definition of a constant even where there are two.

The rules of scoping are Python's: a class body is skipped by what is nested in it, the targets of a comprehension are
its own, a walrus in a comprehension binds outside, `nonlocal` and `global` say what they say. A list, set or dict
comprehension runs at once, so what it refers to is not captured; a generator expression runs later, so it is.
"""

from __future__ import annotations

import ast
from typing import TypeAlias

from treadle.runtime.instrumentation.private import private_lists
from treadle.runtime.instrumentation.trees import children

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Position: TypeAlias = tuple[int, int]


class Scope:
    """One block of code with names of its own."""

    __slots__ = ("bindings", "captured", "declared", "kind", "loops", "node", "outer", "parent", "private")

    kind: str  # "module", "class", "function", "lambda", "comprehension", "generator"
    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[tuple[Position, str, bool]]]  # by name: where, how, in a loop
    captured: dict[str, Position]  # by name: the first inner function that refers to it
    declared: dict[str, str]  # "global" or "nonlocal"
    loops: int
    private: frozenset[str]  # variables that hold lists that nobody else can have: see `private`

    def __init__(self, kind: str, node: ast.AST, parent: Scope | None) -> None:
        self.kind = kind
        self.node = node
        self.parent = parent
        self.bindings = {}
        self.captured = {}
        self.declared = {}
        self.loops = 0
        self.private = frozenset()

    def owner(self, name: str) -> Scope | None:
        """The scope whose variable the name is, as seen from here; None: a global or built-in."""
        scope: Scope | None = self
        first = True
        while scope is not None and scope.kind != "module":
            said = scope.declared.get(name)
            if said == "global":
                return None
            if said is None and name in scope.bindings and (first or scope.kind != "class"):
                return scope
            first = False
            scope = scope.parent
        return None

    def is_volatile(self, name: str) -> bool:
        """Whether a captured variable of this scope may change once it is shared."""
        captured = self.captured.get(name)
        if captured is None:
            return False
        bindings = self.bindings[name]
        where, how, in_loop = bindings[0]
        if len(bindings) > 1 or in_loop:
            return True
        return how != "parameter" and where > captured


class Scopes(ast.NodeVisitor):
    """Finds the scope of every node that has names, and who owns what."""

    def __init__(self, tree: ast.AST) -> None:
        self.module = Scope("module", tree, None)
        self.of: dict[ast.AST, Scope] = {tree: self.module}
        self._uses: list[tuple[Scope, str, Position]] = []
        self._rebound: list[tuple[Scope, str]] = []  # bound from within an inner function
        self._scope = self.module
        self.globals_bound: dict[str, set[str]] = {}  # how each name of the module is bound
        self.visit(tree)
        self._resolve()
        for node, scope in self.of.items():
            scope.private = private_lists(node, scope.bindings)

    def is_volatile_global(self, name: str) -> bool:
        """Whether a global is bound by anything but definitions of the module level."""
        how = self.globals_bound.get(name)
        return how is not None and not how <= {"definition"}

    def _resolve(self) -> None:
        for scope, name in self._rebound:
            owner = scope.owner(name)
            if owner is not None:
                owner.bindings[name].append(((0, 0), "nonlocal", True))
        for scope, name, _ in self._uses:
            owner = scope.owner(name)
            inner: Scope | None = scope
            position: Position | None = None
            while inner is not None and inner is not owner:
                if inner.kind in ("function", "lambda", "generator"):
                    position = (inner.node.lineno, inner.node.col_offset)  # type: ignore[attr-defined]
                inner = inner.parent
            if owner is not None and position is not None:
                owner.captured[name] = min(position, owner.captured.get(name, position))

    # Names.

    def _use(self, name: str, node: ast.AST) -> None:
        self._uses.append((self._scope, name, (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))))

    def _bind(self, name: str, node: ast.AST, how: str = "assignment") -> None:
        scope = self._scope
        if isinstance(node, ast.NamedExpr):
            while scope.kind in ("comprehension", "generator") and scope.parent is not None:
                scope = scope.parent
        position = (getattr(node, "lineno", 0), getattr(node, "col_offset", 0))
        said = scope.declared.get(name)
        if said == "global" or scope.kind == "module":
            self.globals_bound.setdefault(name, set()).add(how if scope.kind == "module" else "assignment")
        elif said == "nonlocal":
            self._rebound.append((scope, name))
        else:
            scope.bindings.setdefault(name, []).append((position, how, scope.loops > 0))
        self._use(name, node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._use(node.id, node)
        else:
            self._bind(node.id, node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self._bind(node.target.id, node)

    def visit_Global(self, node: ast.Global) -> None:
        self._scope.declared.update(dict.fromkeys(node.names, "global"))

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._scope.declared.update(dict.fromkeys(node.names, "nonlocal"))

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name != "*":
                self._bind((alias.asname or alias.name).split(".")[0], node, "definition")

    visit_ImportFrom = visit_Import  # noqa: N815 - the name that the visitor calls

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._bind(node.name, node)
        self.generic_visit(node)

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self._bind(node.name, node)
        self.generic_visit(node)

    visit_MatchStar = visit_MatchAs  # noqa: N815

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        if node.rest:
            self._bind(node.rest, node)
        self.generic_visit(node)

    # Loops: what is bound in one is bound again.

    def visit_For(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        self._scope.loops += 1
        self.generic_visit(node)
        self._scope.loops -= 1

    visit_AsyncFor = visit_While = visit_For  # noqa: N815

    # Scopes.

    def _enter(self, kind: str, node: ast.AST, inside: list[ast.AST]) -> Scope:
        outer, self._scope = self._scope, Scope(kind, node, self._scope)
        scope = self.of[node] = self._scope
        self._declare(inside)
        for part in inside:
            self.visit(part)
        self._scope = outer
        return scope

    def _declare(self, inside: list[ast.AST]) -> None:
        """`global` and `nonlocal` hold for the whole block, wherever they stand in it."""
        for part in inside:
            if isinstance(part, (ast.Global, ast.Nonlocal)):
                self.visit(part)
            elif not isinstance(part, (*FUNCTIONS, ast.ClassDef, ast.expr)):
                self._declare(children(part))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._bind(node.name, node, "definition")
        for part in (*node.decorator_list, *_defaults(node.args), *_annotations(node)):
            self.visit(part)
        self._enter("function", node, [*_parameters(node.args), *node.body])

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in _defaults(node.args):
            self.visit(part)
        self._enter("lambda", node, [*_parameters(node.args), node.body])

    def visit_arg(self, node: ast.arg) -> None:
        self._bind(node.arg, node, "parameter")

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._bind(node.name, node, "definition")
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        self._enter("class", node, [*node.body])

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        self.visit(node.generators[0].iter)
        kind = "generator" if isinstance(node, ast.GeneratorExp) else "comprehension"
        outer, self._scope = self._scope, Scope(kind, node, self._scope)
        self.of[node] = self._scope
        self._scope.loops = 1
        for index, clause in enumerate(node.generators):
            for part in (clause.target, *([clause.iter] if index else []), *clause.ifs):
                self.visit(part)
        for part in (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,):
            self.visit(part)
        self._scope = outer

    visit_SetComp = visit_GeneratorExp = visit_DictComp = visit_ListComp  # noqa: N815


def _parameters(arguments: ast.arguments) -> list[ast.AST]:
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [*every, *(extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None)]


def _defaults(arguments: ast.arguments) -> list[ast.AST]:
    return [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]


def _annotations(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.AST]:
    arguments = [argument.annotation for argument in _parameters(node.args) if isinstance(argument, ast.arg)]
    return [annotation for annotation in (*arguments, node.returns) if annotation is not None]
