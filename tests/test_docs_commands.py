"""Every command and every piece of Python of the documentation is run, page by page and in order, as a reader would."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest
import yaml
from typer.testing import CliRunner

import made_files
from baogao.cli import app
from baogao.errors import BaogaoError
from helpers import ROOT
from test_docs import PAGES
from test_sample import coded

EXCEPTIONS = {item["command"]: item for item in yaml.safe_load((ROOT / "tests/cases/docs_commands.yaml").read_text(encoding="utf-8"))}
_COMMANDS = ("baogao ", "python ", "pip ", "make ", ".venv/bin/baogao ")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_IDENTIFIER = re.compile(r"\b([ar])[0-9a-f]{15}\b")
PAGE = (
    "<html><head><title>社区工作总结</title></head><body><h1>2013年社区工作总结</h1>"
    "<p>2013年5月12日，社区在文化广场举办防灾知识讲座，居民80余人参加。</p><p>成立科普工作领导小组，由社区书记任组长。</p></body></html>"
).encode()


class Step(NamedTuple):
    """A command, or a piece of Python, and what the page shows behind it."""

    language: str
    text: str
    shown: str


def steps(page: Path) -> Iterator[Step]:
    """What a page tells its reader to run. In a block with `$` lines these are the commands; other blocks may be pictures."""
    for language, block in _FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            yield Step("python", block, "")
        elif not language:
            lines = [*block.replace("\\\n", " ").splitlines(), ""]
            prompted = any(line.startswith("$ ") for line in lines)
            for line, shown in pairwise(lines):
                if line.startswith("$ " if prompted else _COMMANDS):
                    yield Step("shell", re.split(r"\s+# ", line.removeprefix("$ "))[0].removeprefix(".venv/bin/").strip(), shown)


FOUND = {page.name if page.parent != ROOT / "corpus" else "corpus/README.md": list(steps(page)) for page in PAGES}


def key(step: Step) -> str:
    """By what a step is found in the list of exceptions."""
    return step.text.splitlines()[0]


@pytest.fixture
def folder(tmp_path, demo_out, monkeypatch):
    """The working folder of a reader: the repository's corpus, a run over the demo, an archive of their own, and small files."""
    for name in ("corpus", "configs"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("demo-out", "demo-precision"):
        shutil.copytree(demo_out, tmp_path / name)
    for name in ("my-pages", "archive"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_bytes(PAGE)
    (tmp_path / "more.zip").write_bytes(made_files.zipped([("notes.txt", "2014年工作总结\n一、活动\n3月5日开展学雷锋义诊1次。".encode())]))
    answer = ("http://a.example/1.html", "200 OK", [("Content-Type", "text/html; charset=utf-8")], PAGE.replace(b"2013", b"2015"))
    (tmp_path / "crawl.warc.gz").write_bytes(made_files.warc([answer]))
    (tmp_path / "words.txt").write_text("科普: 科普 科學普及\n讲座: 讲座 培训 课堂\n志愿者\n", encoding="utf-8")
    (tmp_path / "my-words.txt").write_text("柳荫社区 5 ns\n", encoding="utf-8")
    (tmp_path / "my-settings.yaml").write_text("language:\n  dictionaries: [my-words.txt]\n", encoding="utf-8")
    (tmp_path / "corrections.jsonl").write_text('{"label": "genre", "text": "一、加强领导", "value": "plan"}\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prepare(page: str, folder: Path, step: Step) -> None:
    """What the reader does by hand, or has from elsewhere, before a step."""
    if step.text.startswith("baogao evaluate") and not (folder / "out").exists():
        (folder / "out").symlink_to("demo-out")
        sources = pq.read_table(folder / "out/dataset/page_sources", columns=["source"])["source"].to_pylist()
        gold = json.loads((ROOT / "corpus/gold/train.json").read_text(encoding="utf-8"))
        own = [report for report in gold if any(f"/{source}".endswith(f"/{report['page']}") for source in sources)]
        (folder / "gold.json").write_text(json.dumps(own), encoding="utf-8")
    if step.text == "baogao agreement sample":
        for sheet in ("coder 1", "coder 2", "agreed"):
            coded(folder / "sample", lambda item: item.probability > 0.5, sheet)
    if page == "reuse.md" and not (folder / "reports").exists():
        (folder / "reports").symlink_to("demo-out/dataset/reports")
    if step.language == "python" and '"my-pipeline"' in step.text:
        (folder / "my-pipeline").mkdir(exist_ok=True)


def present(folder: Path, text: str) -> str:
    """The text with identifiers of records that the demo of this version does not have put in place by ones that it has."""
    for letter, table, name in (("a", "activities", "activity_id"), ("r", "reports", "report_id")):
        own = pq.read_table(folder / "demo-out" / "dataset" / table, columns=[name])[name].to_pylist()
        text = _IDENTIFIER.sub(
            lambda found, own=own, letter=letter: own[0] if found[1] == letter and found[0] not in own else found[0], text
        )
    return text


def run_shell(folder: Path, step: Step) -> None:
    """Run one command; `baogao` in this process, which has its models loaded already."""
    words = shlex.split(present(folder, step.text))
    if words[0] != "baogao":
        words = [sys.executable if words[0] == "python" else words[0], *words[1:]]
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return
    result = CliRunner().invoke(app, words[1:])
    if step.shown.startswith("baogao: "):
        assert isinstance(result.exception, BaogaoError)
        assert str(result.exception).startswith(step.shown.removeprefix("baogao: ").removesuffix("..."))
    else:
        assert result.exit_code == 0, result.exception or result.output


@pytest.mark.parametrize("page", [page for page, found in FOUND.items() if found])
def test_what_a_page_says_runs(page, folder):
    names: dict[str, object] = {"__name__": "docs"}
    for step in FOUND[page]:
        exception = EXCEPTIONS.get(key(step), {})
        if exception and "instead" not in exception:
            continue
        step = step._replace(text=exception.get("instead", step.text))
        prepare(page, folder, step)
        if step.language == "python":
            exec(compile(present(folder, step.text), page, "exec"), names)
        else:
            run_shell(folder, step)


def test_every_exception_is_in_the_docs():
    assert set(EXCEPTIONS) - {key(step) for found in FOUND.values() for step in found} == set()
