"""Strongly connected components of a directed graph.

Tarjan's algorithm (1972), without recursion. A component of one node counts only if the node has an edge to itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

N = TypeVar("N")


def components(nodes: set[N], targets: Callable[[N], Iterable[N]]) -> Iterator[set[N]]:
    """Yield the components of the graph restricted to `nodes`, each that has an edge inside."""
    index: dict[N, int] = {}
    low: dict[N, int] = {}
    stack: list[N] = []
    waiting: set[N] = set()
    for root in nodes:
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        work: list[tuple[N, Iterator[N]]] = [(root, iter(targets(root)))]
        while work:
            node, rest = work[-1]
            for target in rest:
                if target not in nodes:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    waiting.add(target)
                    work.append((target, iter(targets(target))))
                    break
                if target in waiting and index[target] < low[node]:
                    low[node] = index[target]
            else:
                work.pop()
                if work and low[node] < low[work[-1][0]]:
                    low[work[-1][0]] = low[node]
                if low[node] == index[node]:
                    found = _popped(stack, waiting, node)
                    if len(found) > 1 or node in targets(node):
                        yield found


def _popped(stack: list[N], waiting: set[N], node: N) -> set[N]:
    found: set[N] = set()
    while True:
        member = stack.pop()
        waiting.discard(member)
        found.add(member)
        if member == node:
            return found
