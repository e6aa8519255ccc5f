"""GraphML: units, the posts and persons that hold roles in them, and the units above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from baogao.dataset.query import Source
from baogao.extract.organizations.words import role_words
from baogao.identifiers import derive_id

_MASK = re.compile(r"[xX×*＊_某○□\s]+")
_BRACKETED = re.compile(r"(?P<front>[^（(]+)[（(](?P<inside>[^（()）]+)[)）]")
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@cache
def _post_with_name() -> re.Pattern[str]:
    return re.compile(rf"(?P<post>.+[长记任席理员])[ \u3000]?(?P<person>{role_words().person.pattern})")


def split_holder(holder: str) -> tuple[str | None, str | None]:
    """Post and person that a holder names; masks are no persons, and what is neither is taken for a post.

    >>> split_holder("社区党委书记"), split_holder("田淑勤"), split_holder("居委会主任杜敏"), split_holder("丁小萍（基教股股长）")
    (('社区党委书记', None), (None, '田淑勤'), ('居委会主任', '杜敏'), ('基教股股长', '丁小萍'))
    >>> split_holder("***")
    (None, None)
    """
    if _MASK.fullmatch(holder):
        return None, None
    if role_words().person.fullmatch(holder):
        return None, holder
    if (match := _BRACKETED.fullmatch(holder)) and role_words().person.fullmatch(match["front"]):
        return match["inside"], match["front"]
    if match := _post_with_name().fullmatch(holder):
        return match["post"], match["person"]
    return holder, None


_UNITS = """
    SELECT o.organization_id, o.unit, o.kind, o.status, o.founded, o.parent, r.report_id, r.place, r.adcode, r.year_min, r.year_max
    FROM organizations o JOIN (SELECT * FROM reports {where}) r USING (report_id) ORDER BY o.organization_id
"""
_HOLDERS = """
    SELECT h.organization_id, h.role, h.holder, coalesce(r.place, r.report_id) AS home
    FROM roles h JOIN (SELECT * FROM reports {where}) r USING (report_id) WHERE h.holder IS NOT NULL
    ORDER BY h.organization_id, h.start, h.holder
"""


def write_graphml(source: Source, path: Path) -> list[str]:
    """A directed graph: (post or person) -role-> unit, person -holds-> post, parent -above-> unit.

    A post or person of the same name in the same place is one node; where the place is not known, in the same report. A unit is
    a node for each statement of it, a parent one for each name and place. networkx holds the graph in memory, about 2 KB a unit.
    """
    import networkx as nx

    graph = nx.MultiDiGraph()
    condition = source.condition("reports")
    for row in source.records(_UNITS.format(where=condition)):
        home = row["place"] or row["report_id"]
        unit = {key: row[key] for key in ("kind", "status", "founded", "report_id", "place", "adcode", "year_min", "year_max")}
        graph.add_node(row["organization_id"], **_attributes(node="unit", label=row["unit"], **unit))
        if row["parent"]:
            _join(graph, _node(graph, "unit", row["parent"], home), row["organization_id"], "above")
    for row in source.records(_HOLDERS.format(where=condition)):
        nodes = list(_holder_nodes(graph, row["holder"], row["home"]))
        for node in nodes:
            _join(graph, node, row["organization_id"], row["role"])
        if len(nodes) == 2:
            _join(graph, nodes[1], nodes[0], "holds")
    nx.write_graphml(graph, path, named_key_ids=True)
    return []


def _holder_nodes(graph: Any, holder: str, home: str) -> Iterator[str]:
    for kind, label in zip(("post", "person"), split_holder(holder), strict=True):
        if label:
            yield _node(graph, kind, label, home)


def _node(graph: Any, kind: str, label: str, home: str) -> str:
    identifier = derive_id({"unit": "u", "post": "t", "person": "h"}[kind], kind, label, home)
    graph.add_node(identifier, **_attributes(node=kind, label=label, home=home))
    return identifier


def _join(graph: Any, start: str, end: str, role: str) -> None:
    """An edge once for each role: a repeated statement adds nothing."""
    graph.add_edge(start, end, key=role, role=role)


def _attributes(**values: Any) -> dict[str, Any]:
    """Attributes that are known, without characters that XML cannot hold."""
    return {key: _NO_XML.sub("\ufffd", value) if isinstance(value, str) else value for key, value in values.items() if value is not None}
