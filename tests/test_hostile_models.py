"""A model file that is not ours is refused before anything in it is made or called."""

import io
import json
import zipfile

import numpy as np
import pytest
import skops.io

from baogao.classify.models import read_model
from baogao.errors import BaogaoError
from baogao.resources import resource


def write_model(path, schema):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", json.dumps(schema))
    return path


def foreign(loader, module, name):
    inner = {"__class__": name, "__module__": module, "__loader__": loader, "__id__": 1, "content": {}, "args": {}}
    return {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "__id__": 0, "content": {"estimator": inner}}


@pytest.mark.parametrize(
    ("loader", "module", "name"),
    [
        ("ObjectNode", "os", "system"),
        ("FunctionNode", "builtins", "eval"),
        ("MethodNode", "subprocess", "run"),
        ("TypeNode", "subprocess", "Popen"),
        ("ObjectNode", "sklearnx", "Model"),
    ],
)
def test_a_model_with_foreign_types_is_refused(tmp_path, loader, module, name):
    path = write_model(tmp_path / "genre.skops", foreign(loader, module, name))
    with pytest.raises(BaogaoError, match=f"types that are not trusted .{module}.{name}"):
        read_model(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x80\x04cos\nsystem\n."], ids=["empty", "zip", "pickle"])
def test_a_broken_model_is_one_sentence(tmp_path, content):
    path = tmp_path / "genre.skops"
    path.write_bytes(content)
    with pytest.raises(BaogaoError, match=r"cannot be read .*baogao train"):
        read_model(path)


def test_pickled_arrays_are_not_loaded(tmp_path):
    stream = io.BytesIO()
    np.save(stream, np.array([print], dtype=object), allow_pickle=True)
    array = {"__class__": "ndarray", "__module__": "numpy", "__loader__": "NdArrayNode", "type": "numpy", "file": "1.npy", "__id__": 1}
    path = write_model(tmp_path / "m.skops", array)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("1.npy", stream.getvalue())
    with pytest.raises(BaogaoError, match="cannot be read"):
        read_model(path)


def test_our_models_are_read_as_skops_reads_them():
    path = resource("models", "genre.skops")
    ours, theirs = read_model(path), skops.io.load(path, trusted=[])
    assert ours.keys() == theirs.keys()
    for name in ("coef_", "intercept_", "classes_"):
        assert np.array_equal(getattr(ours["estimator"], name), getattr(theirs["estimator"], name))
