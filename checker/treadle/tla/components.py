"""Strongly connected components of a directed graph.

Tarjan's algorithm (1972), without recursion. A component of one node counts only if the node has an edge to itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

N = TypeVar("N")


def components(nodes: set[N], targets: Callable[[N], Iterable[N]]) -> Iterator[set[N]]:
    """Yield the components of the graph restricted to `nodes`, each that has an edge inside."""
    search = _Search(nodes, targets)
    for root in nodes:
        if root not in search.index:
            yield from search.below(root)


class _Search:
    """The depth-first search: when each node was met, and the earliest node that it reaches."""

    def __init__(self, nodes: set[Any], targets: Callable[[Any], Iterable[Any]]) -> None:
        self.nodes, self.targets = nodes, targets
        self.index: dict[Any, int] = {}
        self.low: dict[Any, int] = {}
        self.stack: list[Any] = []
        self.waiting: set[Any] = set()  # the nodes on the stack

    def _enter(self, node: Any) -> tuple[Any, Iterator[Any]]:
        self.index[node] = self.low[node] = len(self.index)
        self.stack.append(node)
        self.waiting.add(node)
        return node, iter(self.targets(node))

    def below(self, root: Any) -> Iterator[set[Any]]:
        """Yield the components that are complete once everything below a node was seen."""
        index, low = self.index, self.low
        work = [self._enter(root)]
        while work:
            node, rest = work[-1]
            fresh = self._advance(node, rest)
            if fresh is not None:
                work.append(self._enter(fresh))
                continue
            work.pop()
            if work and low[node] < low[work[-1][0]]:
                low[work[-1][0]] = low[node]
            if low[node] == index[node]:
                found = self._popped(node)
                if len(found) > 1 or node in self.targets(node):
                    yield found

    def _advance(self, node: Any, rest: Iterator[Any]) -> Any:
        """Return the next target that was not met before, or None."""
        for target in rest:
            if target not in self.nodes:
                continue
            if target not in self.index:
                return target
            if target in self.waiting and self.index[target] < self.low[node]:
                self.low[node] = self.index[target]
        return None

    def _popped(self, node: Any) -> set[Any]:
        found: set[Any] = set()
        while True:
            member = self.stack.pop()
            self.waiting.discard(member)
            found.add(member)
            if member == node:
                return found
