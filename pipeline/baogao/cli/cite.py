"""baogao cite."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def cite(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Output folder of a run.")],
    record: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Identifiers of records: activity_id, report_id, page_id and so on.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with everything in full.")] = False,
) -> None:
    """Cite records: what the source says word for word, its repairs, address, date of capture, hash, and the dataset's version.

    Example: baogao cite out ad308f3a98c55318
    """
    import json

    from baogao.analysis.cite import cite as find

    for identifier in record:
        citation = find(out, identifier)
        typer.echo(json.dumps(citation.as_dict(), ensure_ascii=False) if as_json else "\n".join(citation.lines()))
