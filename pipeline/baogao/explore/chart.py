"""A report's units as a tree: who belongs to whom, who leads, who takes part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from baogao.explore.store import by_role

Row = Mapping[str, Any]


@dataclass
class Node:
    """A unit with what stands below it; `row` is None for a parent that the report names but does not describe."""

    name: str
    row: Row | None = None
    roles: dict[str, list[str]] = field(default_factory=dict)
    sizes: list[Row] = field(default_factory=list)
    below: list[Node] = field(default_factory=list)


def unit_tree(organizations: Sequence[Row], roles: Sequence[Row], sizes: Sequence[Row]) -> list[Node]:
    """The roots of the tree. A unit hangs below the unit of its parent's name, or below a node made for it; circles are cut."""
    nodes = []
    for row in organizations:
        own = [role for role in roles if role["organization_id"] == row["organization_id"]]
        counted = [size for size in sizes if size["organization_id"] == row["organization_id"]]
        nodes.append(Node(row["unit"], row, by_role(own), counted))
    described = {node.name: node for node in reversed(nodes)}
    named: dict[str, Node] = {}
    roots: list[Node] = []
    for node in nodes:
        parent = node.row["parent"] if node.row else None
        above = described.get(parent) or named.get(parent) if parent else None
        if parent and above is None:
            above = named[parent] = Node(parent)
            roots.append(above)
        if above is None or above is node or _is_below(above, node):
            roots.append(node)
        else:
            above.below.append(node)
    return roots


def _is_below(node: Node, above: Node) -> bool:
    """Whether a node hangs below another one."""
    return any(child is node or _is_below(node, child) for child in above.below)
