"""Models as skops files, read for what prediction needs: the numbers of their estimators.

A skops file is a zip of a JSON schema and arrays. skops itself imports all of scikit-learn to read one, which takes longer than a
small run; here nothing is imported, made or called for what a file names, so that there is nothing in it to trust.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

_ESTIMATORS = "sklearn."
_PLAIN = ("str", "int", "float", "bool", "NoneType")


class ForeignTypeError(ValueError):
    """A file holds something else than estimators of scikit-learn, arrays, numbers and text."""


def read_skops(path: Path) -> Any:
    """Content of a skops file; an estimator comes as a namespace of its attributes.

    Raises ForeignTypeError for any type but scikit-learn's and NumPy's, ValueError, KeyError or OSError for a broken file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _value(json.loads(archive.read("schema.json")), archive)
    except zipfile.BadZipFile as error:
        raise ValueError(str(error)) from error


def _value(node: dict[str, Any], archive: zipfile.ZipFile) -> Any:
    loader, name = node["__loader__"], f"{node['__module__']}.{node['__class__']}"
    if loader == "DictNode" and name == "builtins.dict":
        return {key: _value(value, archive) for key, value in node["content"].items()}
    if loader == "ListNode" and name == "builtins.list":
        return [_value(value, archive) for value in node["content"]]
    if loader == "NdArrayNode" and node["type"] == "numpy" and name.startswith("numpy."):
        array = np.load(io.BytesIO(archive.read(node["file"])), allow_pickle=False)
        return array if array.ndim else array[()]
    if loader == "JsonNode" and node["__class__"] in _PLAIN:
        return json.loads(node["content"])
    if loader == "TypeNode" and node["__module__"] == "builtins":
        return name
    if loader == "ObjectNode" and name.startswith(_ESTIMATORS):
        return SimpleNamespace(**_value(node["content"], archive))
    raise ForeignTypeError(name)
