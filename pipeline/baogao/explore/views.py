"""The pages of `baogao explore`: from a request to HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request

from baogao.explore.chart import unit_tree
from baogao.explore.correct import CorrectionFile, anchor
from baogao.explore.marks import clean_spans, listed_records, raw_spans
from baogao.explore.render import environment, segments
from baogao.explore.search import PER_PAGE, read_query
from baogao.explore.store import LISTED, ReportView, Store
from baogao.records import ACTIVITY_STATUS, ACTIVITY_TYPES, GENRES, PASSAGE_KINDS, SECTION_KINDS, TIME_KINDS, UNIT_KINDS, UNIT_STATUS

VALUES = {
    "types": ACTIVITY_TYPES, "statuses": ACTIVITY_STATUS, "genres": GENRES, "section_kinds": SECTION_KINDS, "unit_kinds": UNIT_KINDS,
    "time_kinds": TIME_KINDS,
    "unit_statuses": UNIT_STATUS, "passage_kinds": PASSAGE_KINDS,
}  # fmt: skip
"""What can be chosen in a form."""
CONTEXT = 160
"""Characters on either side of a record that is offered for review."""


class Views:
    """Makes the pages; `root` is the path that holds the token."""

    def __init__(self, store: Store, corrections: CorrectionFile, root: str) -> None:
        self.store, self.said, self.root = store, corrections, root

    def _page(self, name: str, request: Request, **values: Any) -> str:
        template = environment().get_template(f"explore/{name}.html")
        return template.render(
            root=self.root, asked=request.query_params, here=_links(self.root, request), name=name, n_said=len(self.said.lines()),
            **VALUES, **values,
        )  # fmt: skip

    def search(self, request: Request) -> str:
        """Result list with filters."""
        query, page = read_query(request.query_params), _number(request)
        found = self.store.search(query, page)
        return self._page("search", request, found=found, query=query, page=page, pages=_pages(found.total, PER_PAGE))

    def report(self, request: Request) -> str:
        """Raw page beside clean text, with every record marked and listed."""
        whole = "page" in request.query_params
        view = self._report(request, whole_page=whole)
        records = listed_records(view, self.said.of_page(view.page["sha256"]))
        first = view.raw_first
        genre = [line for line in self.said.of_page(view.page["sha256"]) if line["label"] == "genre"]
        return self._page(
            "report", request, view=view, records=records, whole=whole,
            clean=segments(view.report["text"], clean_spans(view, records)),
            raw=segments(view.raw, raw_spans(view, records), first),
            genre=genre[-1]["value"] if genre and _same_report(genre[-1], view) else view.report["genre"],
        )  # fmt: skip

    def chart(self, request: Request) -> str:
        """A report's units as a tree."""
        view = self._report(request)
        tree = unit_tree(view.records["organizations"], view.records["roles"], view.records["sizes"])
        return self._page("chart", request, view=view, tree=tree)

    def _report(self, request: Request, *, whole_page: bool = False) -> ReportView:
        view = self.store.report(request.path_params["report_id"], whole_page=whole_page)
        if view is None:
            raise HTTPException(404)
        return view

    def templates(self, request: Request) -> str:
        """Reused passages, those in most reports first."""
        kind = request.query_params.get("kind") or "copied"
        page = _number(request)
        found, total = self.store.templates(kind, request.query_params.get("q", ""), page)
        for passage in found:
            passage["types"] = {slot["name"]: slot["type"] for slot in passage["slots"]}
        return self._page("templates", request, found=found, total=total, kind=kind, page=page, pages=_pages(total, LISTED))

    def template(self, request: Request) -> str:
        """The uses of a passage, side by side."""
        page = _number(request)
        found = self.store.template(request.path_params["passage_id"], page)
        if found is None:
            raise HTTPException(404)
        passage, uses, rows = found
        passage["types"] = {slot["name"]: slot["type"] for slot in passage["slots"]}
        return self._page(
            "template", request, passage=passage, uses=uses, rows=rows, page=page, pages=_pages(passage["n_uses"], LISTED)
        )  # fmt: skip

    def organizations(self, request: Request) -> str:
        """Units of all reports with their roles."""
        page, kind = _number(request), request.query_params.get("kind", "")
        units, kinds, total = self.store.organizations(request.query_params.get("q", ""), kind, page)
        return self._page("organizations", request, units=units, kinds=kinds, total=total, page=page, pages=_pages(total, LISTED))

    def calendar(self, request: Request) -> str:
        """Activities by year and month, and those of one month."""
        parameters, page = request.query_params, _number(request)
        weights: dict[int | None, list[float]] = {}
        for row in self.store.calendar(parameters):
            weights.setdefault(row["year"], [0.0] * 12)[row["month"] - 1] = row["weight"]
        years = sorted(weights, key=lambda year: (year is None, year or 0))
        month, year = parameters.get("month", ""), parameters.get("year", "")
        chosen: tuple[list[dict[str, Any]], int] = ([], 0)
        if month.isdecimal() and 1 <= int(month[:3]) <= 12:
            chosen = self.store.month(int(year[:4]) if year.isdecimal() else None, int(month[:3]), parameters, page)
        return self._page(
            "calendar", request, rows=[(year, weights[year]) for year in years],
            most={unknown: max((w for y in years if (y is None) is unknown for w in weights[y]), default=1.0) for unknown in (True, False)},
            found=chosen[0], total=chosen[1], page=page, pages=_pages(chosen[1], LISTED),
        )  # fmt: skip

    def findings(self, request: Request) -> str:
        """Findings with their evidence."""
        page, kind = _number(request), request.query_params.get("kind", "")
        found, kinds, total = self.store.findings(kind, page)
        return self._page("findings", request, found=found, kinds=kinds, total=total, page=page, pages=_pages(total, LISTED))

    def review(self, request: Request) -> str:
        """One record, the most doubtful that nothing was said of yet."""
        label = request.query_params.get("label", "")
        first = _number(request, "at", 0)
        said = {anchor(line) for line in self.said.lines()}
        waiting = (row for row in self.store.doubtful(first, label) if _anchor(row) not in said)
        row = next(waiting, None)
        text = self.store.text(row["report_number"]) if row else ""
        start, end = (row["start"], row["end"]) if row else (0, 0)
        return self._page(
            "review",
            request,
            row=row,
            before=text[max(0, start - CONTEXT) : start],
            words=text[start:end],
            behind=text[end : end + CONTEXT],
        )

    def corrections(self, request: Request) -> str:
        """What was said so far, last first."""
        page = _number(request)
        lines = self.said.lines()[::-1]
        shown = lines[(page - 1) * LISTED : page * LISTED]
        return self._page("corrections", request, lines=shown, total=len(lines), page=page, pages=_pages(len(lines), LISTED))


def _anchor(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["label"], row["sha256"], row["raw_start"], row["raw_end"], row["unit"] or ""


def _same_report(line: Mapping[str, Any], view: ReportView) -> bool:
    return bool(view.report["raw_start"] <= line["raw_start"] and line["raw_end"] <= view.report["raw_end"])


def _number(request: Request, name: str = "p", least: int = 1) -> int:
    given = request.query_params.get(name, "")
    return max(least, int(given[:7])) if given.isdecimal() else least


def _pages(total: int, size: int) -> int:
    return max(1, -(-total // size))


def _links(root: str, request: Request) -> Callable[..., str]:
    """A function that makes the present address with some of its parameters changed (None or empty: left out)."""
    path = root + request.url.path.removeprefix(root)

    def here(**changed: Any) -> str:
        parameters = {**request.query_params, "p": "", **{name.rstrip("_"): value for name, value in changed.items()}}
        kept = {name: str(value) for name, value in parameters.items() if value not in ("", None)}
        return quote(path) + ("?" + urlencode(kept) if kept else "")

    return here
