"""A small archive of saved pages on two made-up sites, the command as a process, and ways to disturb it."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from helpers import ROOT

PAGE = """<html><head><meta charset=utf-8><title>{place}社区{year}年工作总结</title></head><body>
<div>首页 &gt; 工作总结</div><div class="tip">下面是小编为大家整理的工作总结，供大家参考。</div><div class="main">
<h1>{place}社区{year}年工作总结</h1><p>我社区在街道的领导下开展了各项工作，现将{year}年工作总结如下：</p>
<p>一、加强领导，健全机制</p><p>社区成立了由书记任组长、主任任副组长、各网格员为成员的{what}领导小组。</p>
<p>二、开展活动</p><p>{month}月5日，社区组织党员志愿者{act}，参加人员{n}余人。5月举办{what}讲座2场。</p>
<p>{place}社区</p><p>{year}年12月20日</p></div><div>本站所有内容均来自网友上传，版权归原作者所有。</div></body></html>"""
PLACES = "柳荫 梧桐里 石榴园 清水塘 北渡口 槐树 南关 枣林 锦江 望湖".split()
WHAT = "环境整治 科普宣传 安全生产 禁毒 健康教育".split()
ACTS = "清扫背街小巷 走访慰问独居老人 开展义诊 排查消防隐患 发放宣传手册".split()


def write_page(folder: Path, number: int) -> Path:
    """Page `number`; the same number gives the same bytes."""
    site = folder / f"www.site{number % 2}.example"
    site.mkdir(parents=True, exist_ok=True)
    path = site / f"{number:03}.html"
    values = {"place": PLACES[number % 10], "year": 2010 + number % 7, "what": WHAT[number % 5], "act": ACTS[number % 3]}
    path.write_text(PAGE.format(**values, month=number % 12 + 1, n=number + 20), encoding="utf-8")
    return path


def write_pages(folder: Path, count: int) -> Path:
    """An archive of so many pages."""
    for number in range(count):
        write_page(folder, number)
    return folder


def environment(**more: str) -> dict[str, str]:
    """Variables that a process needs to find the package."""
    path = os.pathsep.join([*filter(None, [more.pop("hooks", "")]), str(ROOT / "pipeline")])
    return {**os.environ, "PYTHONPATH": path, **more}


def start(*arguments: object, **more: str) -> subprocess.Popen[str]:
    """The command in a process of its own, with its output in pipes."""
    command = [sys.executable, "-m", "baogao", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**more))


def run(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """The command, to its end."""
    command = [sys.executable, "-m", "baogao", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(**more))


def digests(out: Path) -> dict[str, str]:
    """SHA-256 of every file of a run's dataset."""
    paths = sorted((out / "dataset").rglob("*.*"))
    return {path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def write_hooks(folder: Path, code: str) -> str:
    """A folder for `environment(hooks=...)` whose code runs before a page is processed, in every process, with the page as `page`."""
    folder.mkdir(parents=True, exist_ok=True)
    body = "\n".join(f"        {line}" for line in code.strip().splitlines())
    (folder / "sitecustomize.py").write_text(
        "import os, signal, time\n"
        "import baogao.run.tasks as tasks\n"
        "original = tasks.process_pages\n"
        "def process_pages(pages, *rest):\n"
        f"    for page in (task.page for task in pages):\n{body}\n"
        "    return original(pages, *rest)\n"
        "tasks.process_pages = process_pages\n",
        encoding="utf-8",
    )
    return str(folder)
