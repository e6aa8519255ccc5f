"""baogao: mine archives of Chinese work reports.

import baogao
ds = baogao.open("out")      # a dataset's tables, and its reports with their records marked
nlp = baogao.load()          # a spaCy pipeline that finds the same records in a text
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from spacy.language import Language

    from baogao.notebook.dataset import Dataset

__version__ = "0.1.0"


def open(path: str | Path) -> Dataset:
    """The dataset of a run: its output folder, or the folder `dataset` in it.

    Raises BaogaoError where there is none.
    """
    from baogao.notebook.dataset import Dataset

    return Dataset(path)


def load(*, focus: str = "balanced", dictionaries: tuple[str, ...] = ()) -> Language:
    """A spaCy pipeline over reports' clean texts (docs/notebook.md).

    `focus` (precision, balanced, recall) and `dictionaries` are the settings extract.focus and language.dictionaries of a run.
    Raises ValueError for a focus that does not exist.
    """
    from baogao.notebook.pipeline import make_pipeline

    return make_pipeline(focus, dictionaries)
