"""report.html: one file, without network, that shows what a run found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from baogao import __version__
from baogao.explore.database import MEMORY, open_views
from baogao.explore.figures import TABLES, read_figures
from baogao.explore.render import environment

if TYPE_CHECKING:
    from baogao.evaluation.scores import Figure


def write_report(dataset: Path, path: Path, scores: Sequence[Figure] | None = None) -> None:
    """Write the report of the dataset in the folder `dataset` to the file `path`; `scores` are those against gold, if there are any."""
    with open_views(dataset, TABLES, memory=MEMORY) as connection:
        figures = read_figures(connection)
    page = environment().get_template("report.html").render(version=__version__, scores=scores, **figures)
    path.write_text(page, encoding="utf-8")
