"""A researcher's own rules for a site: where they are found, which go first, and what a run makes of them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import baogao
from baogao.clean.sites import rules_for, site_files
from baogao.cli import app
from baogao.errors import BaogaoError
from baogao.run.runner import RunOptions, run
from baogao.settings import Settings

PAGE = """<html><head><title>工作总结</title></head><body><div class=article><h1>青石社区工作总结</h1>
<p>一年来，青石社区组织志愿者120人次，开展活动36场，受到居民好评。</p>
<p class=own>夏至未至，且听风吟。</p>
<p>社区为居民办理实事12件，调解纠纷33起，走访困难家庭46户。</p></div></body></html>"""
RULES = "site: www.mine.example\nrules:\n  - {name: motto, role: advert, selector: p.own}\ncases:\n"
CASE = "  - {text: 夏至未至，且听风吟。, path: /html/body/div.article/p.own, role: %s}\n"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "my-sites"
    folder.mkdir()
    (folder / "mine.yaml").write_text(RULES + CASE % "advert", encoding="utf-8")
    return folder


def test_own_rules_go_before_those_that_ship(rules: Path) -> None:
    (rules / "mine-too.yaml").write_text("site: www.fanwen.example\n", encoding="utf-8")
    shipped, own = rules_for("www.fanwen.example"), rules_for("www.fanwen.example", (str(rules),))
    assert shipped and shipped.source == "example.yaml"
    assert own and own.source == "mine-too.yaml"
    assert rules_for("m.www.mine.example", (str(rules),)) is not None
    assert rules_for("www.mine.example") is None
    assert rules_for(None, (str(rules),)) is None


def test_a_file_that_is_not_valid_stops_the_run_before_it_starts(tmp_path: Path, rules: Path) -> None:
    (rules / "mine.yaml").write_text("site: x\nrule: []\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("社区工作总结", encoding="utf-8")
    with pytest.raises(BaogaoError, match=r"mine\.yaml are not valid"):
        roles(tmp_path / "a.txt", tmp_path / "out", rules)
    assert not (tmp_path / "out" / "dataset").exists()


def test_a_folder_without_rules_is_told(tmp_path: Path) -> None:
    with pytest.raises(BaogaoError, match="no site rules"):
        site_files([str(tmp_path / "nowhere")])


def roles(pages: Path, out: Path, folder: Path | None) -> dict[str, str]:
    settings = Settings.model_validate({"clean": {"sites": [str(folder)] if folder else []}})
    dataset = run([pages], out, settings, RunOptions(workers=1, quiet=True)).dataset
    opened = baogao.open(dataset.parent)
    raw = opened.texts.pandas()["raw"][0]
    return {raw[row.raw_start : row.raw_end]: row.role for row in opened.blocks.pandas().itertuples()}


def test_a_run_uses_them_and_a_changed_file_redoes_the_cleaning(tmp_path: Path, rules: Path) -> None:
    page = tmp_path / "pages" / "www.mine.example" / "a.html"
    page.parent.mkdir(parents=True)
    page.write_text(PAGE, encoding="utf-8")
    out = tmp_path / "out"
    line = "夏至未至，且听风吟。"
    assert roles(tmp_path / "pages", out, rules)[line] == "advert"
    (rules / "mine.yaml").write_text(RULES.replace("advert", "comment"), encoding="utf-8")
    assert roles(tmp_path / "pages", out, rules)[line] == "comment"


def test_check_site_takes_a_folder(rules: Path) -> None:
    good = CliRunner().invoke(app, ["check-site", str(rules)])
    assert (good.exit_code, "1 rules, 1 cases, 0 of them wrong" in good.output) == (0, True)
    (rules / "other.yaml").write_text(RULES + CASE % "body", encoding="utf-8")
    bad = CliRunner().invoke(app, ["check-site", str(rules)])
    assert (bad.exit_code, "should be body, but is advert" in bad.output) == (1, True)
