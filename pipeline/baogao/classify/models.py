"""The trained models of models/, read once a process."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from baogao.classify.activity import ActivityModel
from baogao.classify.arguments import ArgumentModel
from baogao.classify.dating import DatingModel
from baogao.classify.genre import GenreModel
from baogao.classify.linear import as_model
from baogao.classify.section import SectionModel
from baogao.classify.skops_files import ForeignTypeError, read_skops
from baogao.errors import BaogaoError
from baogao.resources import resource


@dataclass(frozen=True, slots=True)
class Models:
    """All models that extraction needs."""

    genre: GenreModel
    section: SectionModel
    activity: ActivityModel


def save_model(path: Path, content: Mapping[str, Any]) -> None:
    """Write fitted estimators as a skops file: a zip of JSON and arrays, from which nothing can run when it is read.

    skops names the arrays by their addresses in memory and dates the zip; numbers by order of appearance and one date stand in
    their place, so that the same estimators give the same bytes.
    """
    import skops.io  # imports all of scikit-learn

    written = zipfile.ZipFile(io.BytesIO(skops.io.dumps(dict(content))))
    schema = written.read("schema.json").decode()
    numbers = {name: str(i) for i, name in enumerate(dict.fromkeys(re.findall(r'"__id__": (\d+)', schema)))}
    renamed = re.sub(r'(?<="__id__": )\d+|(?<="file": ")\d+', lambda match: numbers[match.group()], schema)
    members = {f"{numbers[Path(name).stem]}{Path(name).suffix}": written.read(name) for name in written.namelist() if name != "schema.json"}
    temporary = path.with_suffix(".partial")
    with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, data in [("schema.json", renamed.encode()), *sorted(members.items())]:
            target.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
    temporary.replace(path)


def read_model(path: Path) -> dict[str, Any]:
    """Content of a skops file. Raises BaogaoError if it is missing, broken or holds types other than scikit-learn's and NumPy's."""
    try:
        content: dict[str, Any] = read_skops(path)
    except ForeignTypeError as error:
        raise BaogaoError(f"The model {path} holds types that are not trusted ({error}); train it again: baogao train.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BaogaoError(f"The model {path} cannot be read ({error}); train it again: baogao train.") from error
    return content


@cache
def load_models(folder: Path | None = None) -> Models:
    """The models of a folder, by default those that ship with baogao."""
    folder = folder or resource("models")
    dating = DatingModel(as_model(read_model(folder / "dating.skops")["dating"]))
    arguments = ArgumentModel(as_model(read_model(folder / "arguments.skops")["arguments"]))
    digest = hashlib.sha256((folder / "activity.skops").read_bytes() + (folder / "dating.skops").read_bytes()).hexdigest()[:16]
    return Models(
        GenreModel.from_fitted(read_model(folder / "genre.skops")),
        SectionModel(as_model(read_model(folder / "section.skops")["section"])),
        ActivityModel.from_fitted(read_model(folder / "activity.skops"), dating, arguments, digest),
    )
