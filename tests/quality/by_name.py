"""Scenarios in which the standard library finds the scenario's module by its name."""

from __future__ import annotations

import collections
import copy
import importlib.metadata
import inspect
import logging.config
import pickle
import pkgutil
import sys
import threading
import typing
from collections import namedtuple
from enum import Enum, global_enum
from unittest import mock


class Coin:
    """Something that a module has."""

    side: Side


@global_enum
class Side(Enum):
    """Its names are put into the module, which is looked for while it is loaded."""

    HEADS = 1


calls: list[str] = []


def toss() -> str:
    return "fair"


def loaded() -> str:
    return "loaded"


def pickled() -> bool:
    return type(pickle.loads(pickle.dumps(Coin()))) is Coin  # noqa: S301 - our own


def counted() -> bool:
    """Classes of `collections` that the world has of its own are pickled, copied and told from others, too."""
    counter = collections.Counter("aab")
    chain = collections.ChainMap({"a": 1})
    again = [*map(pickle.loads, map(pickle.dumps, (counter, chain))), copy.copy(counter), copy.deepcopy(chain)]
    return again == [counter, chain, counter, chain] and [*map(type, again)] == [type(counter), type(chain)] * 2


Throw = namedtuple("Throw", "side times")  # noqa: PYI024 - as old code has it


def named() -> bool:
    """A named tuple belongs to the module that has made it."""
    local = namedtuple("local", "side")  # noqa: PYI024
    throw = Throw(1, 2)
    return type(pickle.loads(pickle.dumps(throw))) is Throw and local.__module__ == Throw.__module__ == __name__  # noqa: S301


def annotated() -> bool:
    return typing.get_type_hints(Coin) == {"side": Side}


def inspected() -> bool:
    return inspect.getmodule(Coin) is sys.modules[__name__]


def resolved() -> bool:
    return pkgutil.resolve_name(f"{__name__}:Coin") is Coin


def entered() -> bool:
    point: typing.Any = importlib.metadata.EntryPoint(name="coin", group="coins", value=f"{__name__}:Coin")
    return point.load() is Coin


def configured() -> bool:
    return logging.config.BaseConfigurator({}).resolve(f"{__name__}.Coin") is Coin


def global_names() -> bool:
    return vars(sys.modules[__name__])["HEADS"] is Side.HEADS


def patched() -> bool:
    """In a thread as well."""
    seen: list[str] = []
    with mock.patch(f"{__name__}.toss", loaded):
        thread = threading.Thread(target=lambda: seen.append(toss()))
        thread.start()
        thread.join()
    return seen == ["loaded"] and toss() == "fair"


def of_a_part() -> bool:
    """A module of the program's that nobody has imported so far."""
    found = pkgutil.resolve_name("tests.quality.by_name_later")
    from tests.quality import by_name_later  # noqa: PLC0415 - that is what it is about

    return found is by_name_later and by_name_later.__spec__.name == "tests.quality.by_name_later"


def missing() -> bool:
    """What is not there is an error as ever."""
    try:
        pkgutil.resolve_name("tests.quality.by_name_never:Coin")
    except ModuleNotFoundError as error:
        return error.name == "tests.quality.by_name_never"
    return False


def failing() -> bool:
    """What raises while it is imported is not there afterwards."""
    try:
        pkgutil.resolve_name("tests.quality.by_name_fails:Coin")
    except ZeroDivisionError:
        return "tests.quality.by_name_fails" not in sys.modules
    return False
