"""The evaluation gate: what a whole run reaches on annotated pages may not sink below the floors of cases/floors.yaml.

Floors belong to one state of the gold, named by its digest. Whoever changes the gold measures again and writes both anew
(`python tests/test_gate.py` prints them); whoever raises a figure raises its floor.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

import pytest
import yaml

from baogao.evaluation.scores import figures_against
from baogao.run.runner import RunOptions, run
from baogao.settings import Settings
from helpers import ROOT, shared_path

FLOORS = yaml.safe_load((Path(__file__).parent / "cases" / "floors.yaml").read_text(encoding="utf-8"))
MARGIN = 0.005
"""By how much a figure may lie below what was measured: a near call or two that fall the other way."""


def places(archive):
    """Pages and gold of an archive."""
    if archive == "seeds":
        return shared_path("seeds"), shared_path("gold", "dev.json")
    return ROOT / "corpus" / "pages" / "test", ROOT / "corpus" / "gold" / "test.json"


def measured(archive, out):
    """Figures of a run, by name."""
    pages, gold = places(archive)
    output = run([pages], out, Settings(), RunOptions(quiet=True))
    return {figure.name: figure.value for figure in figures_against(gold, output.dataset)}


def digest(archive):
    return hashlib.sha256(places(archive)[1].read_bytes()).hexdigest()[:16]


@pytest.mark.parametrize("archive", FLOORS)
def test_the_floors_were_measured_on_the_gold_that_is_there(archive):
    assert digest(archive) == FLOORS[archive]["gold"]


@pytest.mark.parametrize("archive", FLOORS)
def test_no_figure_sinks_below_its_floor(archive, tmp_path):
    reached = measured(archive, tmp_path / "out")
    floors = FLOORS[archive]["floors"]
    assert {name: round(reached[name], 3) for name, floor in floors.items() if reached[name] < floor - MARGIN} == {}


if __name__ == "__main__":
    for name in FLOORS:
        with tempfile.TemporaryDirectory() as folder:
            values = measured(name, Path(folder) / "out")
        kept = {key: round(value, 3) for key, value in values.items() if key != "leaked"}
        yaml.safe_dump({name: {"gold": digest(name), "floors": kept}}, sys.stdout, sort_keys=False)
