"""What `threading.Thread` keeps about itself is no shared memory of the program: which code is left as it is.

A thread's object has a dozen attributes of its own (whether it was initialised, what started it, how it complains), and
methods that read them. To record each of these accesses costs more than all that a small scenario does otherwise, and
nothing can come of it. So in the standard library's own `threading.py`

- accesses to the attributes in `ATTRIBUTES`, in the class `Thread` and through `self`, are left as they are;
- the functions in `FUNCTIONS` are left as they are altogether, and so is the constructor, but for what it stores that
  the program can see (`_name`, `_daemonic`) or that is handed over (`HANDED`);
- what `_make_invoke_excepthook` prepares is; what it makes, which runs when a thread fails, is not.

*Argument.* The constructor writes these attributes before anybody else can have the object: what the program itself
reads and writes (`_name`, `_daemonic`) stays recorded, so an object that a subclass gives away before its constructor
has run is still found, by those. `_started`, `_handle`, `_ident` and `_is_stopped` follow the start and the end of the
thread, which are steps (see `treadle.runtime.bookkeeping`), and whoever asks for them makes a step. `_target`, `_args`
and `_kwargs` are read and deleted by the thread itself alone, after its start, which follows the constructor. What is
handed over through them is *published* all the same when they are stored, and the call of the target is a call like
any other. (Where no keyword arguments are given, the empty dictionary is one that all threads have: nobody else sees
it.) The registry `_active` is read by `current_thread` for the caller's own entry, which the caller's start made.

*What is given up.* A program that reads a private attribute of another thread's object while that one begins or ends.

Law: tests/laws/test_books.py.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import Any

FILE = str(Path(os.__file__).with_name("threading.py"))
"""Where this holds; a file of another name that stands in for it is a program like any other."""
ATTRIBUTES = frozenset(
    {"_started", "_ident", "_native_id", "_tstate_lock", "_is_stopped", "_initialized", "_stderr", "_handle",
     "_os_thread_handle", "_invoke_excepthook", "_target", "_args", "_kwargs"}
)  # fmt: skip
"""Of `Thread`."""
HANDED = frozenset({"_target", "_args", "_kwargs"})
"""Those through which the program's own objects reach the thread."""
FUNCTIONS = frozenset({"current_thread", "_newname", "Thread.join", "Thread._bootstrap"})
SEEN = frozenset({"_name", "_daemonic"})
"""What the program can see of what the constructor stores."""
NOTHING: dict[str, Any] = {}
"""The keyword arguments of threads that are given none. The hooks know it as `nothing`."""


def mark(tree: ast.AST, hooks: str) -> None:
    """Mark what the rewrite is to leave as it is. `hooks` is the name under which rewritten code finds the hooks."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef):
            _mark_function(node, node.name)
        elif isinstance(node, ast.ClassDef) and node.name == "Thread":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Attribute) and inner.attr in ATTRIBUTES and _is_self(inner.value):
                    _leave(inner)
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    _mark_function(part, f"Thread.{part.name}")
                    if part.name == "__init__":
                        ast.fix_missing_locations(_Constructor(hooks).visit(part))
                        _leave(part)


def _mark_function(node: ast.FunctionDef, name: str) -> None:
    if name in FUNCTIONS:
        _leave(node)
    elif name == "_make_invoke_excepthook":
        for statement in node.body:
            if isinstance(statement, ast.Assign):
                _leave(statement)


class _Constructor(ast.NodeTransformer):
    """The constructor of `Thread`, as it is but for what others can come to see."""

    def __init__(self, hooks: str) -> None:
        self._hooks = hooks

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        (target,) = node.targets
        if isinstance(target, ast.Name) and target.id == "kwargs" and isinstance(node.value, ast.Dict):
            node.value = ast.copy_location(self._hook("nothing"), node.value)
        if not isinstance(target, ast.Attribute):
            return node
        if target.attr in SEEN:
            call = ast.Call(self._hook("store"), [node.value, target.value, ast.Constant(target.attr)], [])
            target.value = ast.Name("self", ast.Load())
            return ast.copy_location(ast.Expr(call), node)
        if target.attr in HANDED:
            node.value = ast.copy_location(ast.Call(self._hook("share"), [node.value], []), node.value)
        return node

    def _hook(self, name: str) -> ast.expr:
        return ast.Attribute(ast.Name(self._hooks, ast.Load()), name, ast.Load())


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _leave(node: Any) -> None:
    node.silent = True


def is_silent(node: ast.AST) -> bool:
    """Whether the node was marked."""
    return hasattr(node, "silent")
