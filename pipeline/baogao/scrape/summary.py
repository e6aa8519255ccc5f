"""What came of a crawl: scrape.json in the archive, and the lines that the command ends with."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from baogao import __version__
from baogao.scrape.crawl import Crawl, user_agent
from baogao.scrape.frontier import Frontier

NAME = "scrape.json"
_MOST_LISTED = 10_000
"""Addresses that scrape.json lists of a kind; how many there are stands beside them."""
_KEPT = ("report", "list", "unchanged")


@dataclass(frozen=True, slots=True)
class Summary:
    """Lines for the terminal; whether something failed or was refused; whether the keyboard stopped the run."""

    text: str
    failures: bool
    stopped: bool


def write_summary(crawl: Crawl, *, stopped: bool | None = None) -> Summary:
    """Write scrape.json; `stopped` is None while the crawl is going on."""
    content = _content(crawl, stopped)
    path = crawl.folder / NAME
    temporary = path.with_name(f".{NAME}.{os.getpid()}.tmp")
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
    return Summary(_text(content, crawl), bool(content["refused"] or content["failed"]["n"]), bool(stopped))


def _content(crawl: Crawl, stopped: bool | None) -> dict[str, Any]:
    frontier = crawl.frontier
    return {
        "baogao": __version__,
        "state": "running" if stopped is None else "stopped" if stopped else "unfinished" if frontier.pending() else "finished",
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "user_agent": user_agent(crawl.settings.contact),
        "settings": crawl.settings.model_dump(mode="json"),
        "profiles": {name: site.profile.model_dump(mode="json") for name, site in crawl.sites.items()},
        "this_run": {"fetched": sum(crawl.done[kind] for kind in _KEPT), **dict(sorted(crawl.done.items()))},
        "sites": {name: _site(frontier, name) for name in crawl.sites},
        "limits_reached": dict(crawl.closed),
        "refused": {host: {"reason": why, "left": _left(frontier, host)} for host, why in sorted(crawl.pace.stopped.items())},
        "skipped": _listed(frontier, "skipped"),
        "failed": _listed(frontier, "failed"),
        "left": {"n": frontier.pending()},
        "files": [{"name": name, "bytes": size} for name, size in frontier.files() if size],
    }


def _site(frontier: Frontier, name: str) -> dict[str, Any]:
    """Addresses of a site by what became of them, and the bytes that it sent."""
    rows = frontier.rows("SELECT state, kind, count(*) FROM urls WHERE site = ? GROUP BY state, kind ORDER BY state, kind", name)
    counts = {f"{state}_{kind}s": number for state, kind, number in rows}
    return {**counts, "bytes": frontier.kept(name)[1]}


def _left(frontier: Frontier, host: str) -> int:
    return int(next(frontier.rows("SELECT count(*) FROM urls WHERE host = ? AND state = 'pending'", host))[0])


def _listed(frontier: Frontier, state: str) -> dict[str, Any]:
    """How many addresses, how many for each reason, and the first of them."""
    reasons = dict(frontier.rows("SELECT reason, count(*) FROM urls WHERE state = ? GROUP BY reason ORDER BY reason", state))
    rows = frontier.rows("SELECT url, reason, via FROM urls WHERE state = ? ORDER BY id LIMIT ?", state, _MOST_LISTED)
    urls = [{"url": url, "reason": reason, "found_on": via} for url, reason, via in rows]
    return {"n": sum(reasons.values()), "reasons": reasons, "urls": urls}


def _text(content: Mapping[str, Any], crawl: Crawl) -> str:
    run = content["this_run"]
    done = crawl.done
    lines = [
        f"{run['fetched']:,} pages fetched: {done['report']:,} reports, {done['list']:,} lists, {done['unchanged']:,} unchanged; "
        f"{done['bytes']:,} bytes"
    ]
    for state in ("skipped", "failed"):
        listed = content[state]
        if listed["n"]:
            reasons = "; ".join(f"{number:,} {reason}" for reason, number in listed["reasons"].items())
            lines.append(f"{listed['n']:,} pages {state}: {reasons[:600]}")
    lines += [f"{host} is left alone: {entry['reason']}; {entry['left']:,} pages left" for host, entry in content["refused"].items()]
    lines += [f"{name}: {reason}" for name, reason in content["limits_reached"].items()]
    if content["left"]["n"]:
        lines.append(f"{content['left']['n']:,} pages are left to ask; the same command goes on with them")
    lines.append(f"Archive: {crawl.folder} ({NAME} has every address and reason)")
    return "\n".join(lines)
