"""What is known about functions and classes of the interpreter: how each treats what it is handed.

What is not in these tables is taken to change everything mutable that it is handed. So to forget a function here costs
executions, never a bug.
"""

from __future__ import annotations

import _heapq
import _weakref
import bisect
import builtins
import enum
import functools
import itertools
import math
import operator
import os
import sys
import types
import weakref
from collections import OrderedDict, defaultdict, deque, namedtuple
from typing import Any


class Treatment(enum.Enum):
    """How a function treats what it is handed."""

    NOTHING = "nothing"  # keeps it, or looks at nothing that could change
    READS = "reads"  # looks at it, containers in containers included, before it returns
    COPIES = "copies"  # copies the references in it, and looks no further
    LAZY = "lazy"  # returns an iterator that will look at it


_BUILTINS_NOTHING = (
    *("isinstance", "issubclass", "callable", "type", "object", "super", "locals", "globals", "range", "slice"),
    *("property", "classmethod", "staticmethod", "chr", "ord", "__import__", "__build_class__", "compile", "open"),
    *("input", "breakpoint", "memoryview", "exit", "quit", "aiter", "anext"),
)
_BUILTINS_READ = (
    *("sum", "any", "all", "str"),
    *("repr", "ascii", "bytes", "bytearray", "int", "float", "complex", "divmod", "pow", "round", "abs", "hash"),
    *("bin", "hex", "oct", "format", "bool"),
)
_BUILTINS_HOOKED = {
    "id": "id_",
    "len": "len_",
    "iter": "iter_",
    "next": "next_",
    "reversed": "reversed_",
    "getattr": "getattr_",
    "setattr": "setattr_",
    "delattr": "delattr_",
    "hasattr": "hasattr_",
    "vars": "vars_",
    "dir": "dir_",
    "print": "print_",
    "sorted": "sorted_",
    "min": "min_",
    "max": "max_",
    "exec": "exec_",
    "eval": "eval_",
}
_ITERTOOLS_EAGER = ("product", "permutations", "combinations", "combinations_with_replacement")
_OPERATORS = (
    *("lt", "le", "eq", "ne", "ge", "gt", "not_", "truth", "is_", "is_not", "abs", "add", "and_", "floordiv", "index"),
    *("inv", "invert", "lshift", "mod", "mul", "matmul", "neg", "or_", "pos", "pow", "rshift", "sub", "truediv", "xor"),
    *("concat", "contains", "countOf", "getitem", "indexOf", "length_hint", "itemgetter", "attrgetter", "methodcaller"),
)
_OF_PATHS = ("exists", "getatime", "getctime", "getmtime", "getsize", "isdir", "isfile", "islink", "ismount", "lexists",
             "realpath", "samefile")  # fmt: skip
"""Questions about a file that Python announces to nobody; see `files`."""

KNOWN: dict[Any, Treatment | str] = {
    **dict.fromkeys((getattr(builtins, n) for n in _BUILTINS_NOTHING if hasattr(builtins, n)), Treatment.NOTHING),
    **dict.fromkeys((getattr(builtins, n) for n in _BUILTINS_READ), Treatment.READS),
    **{getattr(builtins, name): hook for name, hook in _BUILTINS_HOOKED.items()},
    **dict.fromkeys((zip, map, filter, enumerate), Treatment.LAZY),
    **dict.fromkeys((value for value in vars(itertools).values() if isinstance(value, type)), Treatment.LAZY),
    itertools.tee: "tee_",
    **dict.fromkeys((getattr(itertools, name) for name in _ITERTOOLS_EAGER), Treatment.READS),
    itertools.repeat: Treatment.NOTHING,
    namedtuple: Treatment.NOTHING,  # noqa: PYI024 - it looks into its caller's frame, which must be the program's
    **dict.fromkeys((getattr(operator, name) for name in _OPERATORS), Treatment.READS),
    **dict.fromkeys((value for value in vars(math).values() if callable(value)), Treatment.READS),
    **dict.fromkeys((bisect.bisect_left, bisect.bisect_right), Treatment.READS),
    **dict.fromkeys((list, tuple, dict, set, frozenset, deque, defaultdict, OrderedDict), Treatment.COPIES),
    **dict.fromkeys((functools.partial, functools.cmp_to_key, weakref.ref), Treatment.NOTHING),
    **dict.fromkeys((v for v in vars(_weakref).values() if callable(v)), Treatment.NOTHING),
    **dict.fromkeys(
        (value for value in vars(types).values() if isinstance(value, type) and value.__module__ != "types"),
        Treatment.NOTHING,
    ),
    functools.reduce: "reduce_",
    os.getenv: "getenv_",
    **dict.fromkeys((value for name, value in vars(_heapq).items() if name.startswith(("heap", "_heap"))), "heap_"),
    **dict.fromkeys((bisect.insort_left, bisect.insort_right), "heap_"),
    **dict.fromkeys((os.access, os.lstat, os.readlink, os.stat), "look_at_files"),
    **dict.fromkeys((getattr(os.path, name) for name in _OF_PATHS), "look_at_files"),
}
"""By function or class. A string names the hook that stands in its place."""

READING: dict[type, frozenset[str]] = {
    type(os.environ): frozenset({"__getitem__", "__contains__", "__len__", "get", "copy", "keys", "values", "items"})
}
"""By class that is not copied, the methods in Python that only look."""

HARMLESS_MODULES = frozenset(
    {"_abc", "_imp", "_signal", "_sre", "_string", "_tracemalloc", "_warnings", "_weakref", "atexit", "errno",
     "faulthandler", "gc", "sys", "time", "_contextvars", "_typing"}
)  # fmt: skip
"""Modules in C whose functions know the interpreter, not the program's data."""

TRANSPARENT_MODULES = frozenset(
    {"_collections_abc", "abc", "contextlib", "enum", "treadle", "types", "typing", "warnings"}
)  # fmt: skip
"""Modules in Python, not copied, whose functions reach what they are handed only through its own methods."""

SAFE_MODULES = frozenset({"logging"})
"""Modules that any thread may call at any time, as they document, and whose objects are the process's own.

For `logging`: docs.python.org/3/library/logging.html, Thread Safety. What it is handed it reads.
"""

CALM: frozenset[Any] = frozenset(
    getattr(builtins, name)
    for name in (
        *(
            "isinstance",
            "issubclass",
            "id",
            "callable",
            "type",
            "object",
            "super",
            "locals",
            "globals",
            "range",
            "slice",
        ),
        *("property", "classmethod", "staticmethod", "chr", "ord", "memoryview"),
    )
) | {itertools.repeat, functools.partial, weakref.ref, sys.exc_info, sys._getframe}
"""Of the functions that touch nothing of the program's, those that change nothing at all."""

CALM_MODULES = frozenset(
    f"treadle.runtime.{name}"
    for name in (
        "bookkeeping",
        "clock",
        "interruptible",
        "locks",
        "ownership",
        "queue_module",
        "thread_module",
        "threads",
        "time_module",
    )
)
"""The world's own modules whose functions make steps of what they change, or count it (`Turns.deeds`)."""
