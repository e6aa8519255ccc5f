"""What several test files share."""

import pytest

from helpers import ROOT


@pytest.fixture(scope="session")
def demo_out(tmp_path_factory):
    """The output folder of a run over corpus/demo; tests must leave it as it is."""
    from baogao.run.runner import RunOptions, run
    from baogao.settings import Settings

    out = tmp_path_factory.mktemp("demo") / "out"
    run([ROOT / "corpus" / "demo"], out, Settings(), RunOptions(workers=1, quiet=True))
    return out
