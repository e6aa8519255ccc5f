"""Fuzzing of the readers, the decoder and the repairs: `python benchmarks/fuzz.py [SECONDS] [readers|decoder|html|repair|clean]`.

Hypothesis makes the inputs: broken HTML, archives with bytes flipped, cut and repeated, texts of Chinese, marks and damage. What is
checked is what always holds: no exception but the readers' own, blocks that cover the text, edits that can be undone, spans that read
in the raw text what they claim, and a bound on the time an input takes. What is found becomes a case of the tests.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import py7zr
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from baogao.clean.clean import clean_page
from baogao.clean.repair import repair
from baogao.read.encoding import decode
from baogao.read.page import RawText, Source, SourcePage, lines_as_blocks
from baogao.read.reader import read_sources
from baogao.read.sources import open_file
from baogao.settings import CleanSettings, ReadSettings


def _seven_zipped(data: bytes) -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w") as archive:
        archive.writestr(data, "a.html")
        archive.writestr("社区工作总结".encode("gbk"), "b.txt")
    return buffer.getvalue()


ROOT = Path(__file__).parent.parent
SECONDS_AN_INPUT = 5.0
"""An input of a few thousand characters that takes longer is a find."""

_WORDS = st.sampled_from(
    [
        *"社区 工作 总结 篇一 第2篇 一、 （二） 。 ， ？ ?? � ： “ ” 《 》 2O1O年 二oo九年 20xx年 8月 領導".split(),
        *"區(qū) 現(xiàn) 。ㄒ唬 ┏闪⒘ ?，F ` 的'".split(),
        *"小编 整理 希望 参考 下载 会员 http://a.cn 第3页 共9页 PAGE -3- 上一页 相关文章 居委会 2013年12月20日 谢谢大家！".split(),
        *("\n", "\n\n", "\n\u3000\u3000", "\t", "\r\n", "\x0c", "\x00", "\u200b", "\ud800", "\U0001f600", " "),
    ]
)
TEXTS = st.lists(st.one_of(_WORDS, st.text(max_size=6)), max_size=80).map("".join).map(lambda t: t.encode("utf-8", "replace").decode())
_TAGS = st.sampled_from(
    "<div> </div> <p> </p> <br> <table><tr><td> </table> <a href=x> </a> <pre> <script> <style> <!-- --> <![CDATA[ & &#x0; < >".split()
)
MARKUP = st.lists(st.one_of(_TAGS, _WORDS, st.text(max_size=4)), max_size=60).map("".join)
_SEEDS = [path.read_bytes() for path in sorted((ROOT / "corpus" / "demo").rglob("*")) if path.is_file() and path.stat().st_size < 60_000]
_SEEDS.append(_seven_zipped(_SEEDS[0]))
_NAMES = st.sampled_from("a.html a.txt a.docx a.mht a.pdf a.zip a.warc.gz a.warc a.tar a.gz a.7z a.csv a.jsonl a.doc".split())


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A file of the demo archive with bytes changed, cut and repeated, or any bytes."""
    data = bytearray(draw(st.one_of(st.sampled_from(_SEEDS), st.binary(max_size=400))))
    for _ in range(draw(st.integers(0, 8))):
        place = draw(st.integers(0, len(data)))
        how = draw(st.sampled_from(["flip", "cut", "put", "end"]))
        if how == "flip" and place < len(data):
            data[place] = draw(st.integers(0, 255))
        elif how == "cut":
            del data[place : place + draw(st.integers(1, 300))]
        elif how == "put":
            data[place:place] = draw(st.binary(max_size=20))
        elif how == "end":
            del data[place:]
    return bytes(data)


def check_readers(folder: Path, data: bytes, name: str) -> None:
    """A file gives pages whose blocks cover their text, or failures."""
    path = folder / name
    path.write_bytes(data)
    for item in read_sources(open_file(path, name, ReadSettings())):
        if isinstance(item, SourcePage):
            check_blocks(item.text)


def check_blocks(text: RawText) -> None:
    """Blocks are sorted, do not overlap, and leave out nothing but white space."""
    last = 0
    for block in text.blocks:
        assert last <= block.start < block.end <= len(text.raw), block
        assert not text.raw[last : block.start].strip(), text.raw[last : block.start]
        last = block.end
    assert not text.raw[last:].strip()


def check_decoder(data: bytes, header: str | None) -> None:
    """Any bytes decode to text without surrogates."""
    decoded = decode(data, header=header, markup=True)
    decoded.text.encode("utf-8")
    assert decoded.text.count("\ufffd") >= 0


def check_repair(text: str) -> None:
    """Edits are in order and applying them backwards gives the raw text again."""
    repaired = repair(text, CleanSettings())
    back = repaired.text
    shift = len(back) - len(text)
    for edit in reversed(repaired.edits):
        shift -= len(edit.after) - (edit.end - edit.start)
        start = edit.start + shift
        assert back[start : start + len(edit.after)] == edit.after
        back = back[:start] + text[edit.start : edit.end] + back[start + len(edit.after) :]
    assert back == text


def check_clean(text: str, title: str) -> None:
    """Reports lie in the page in order, and each character of their clean text stands where its span says."""
    page = SourcePage("p", "", RawText(text, lines_as_blocks(text), title or None), None, "utf-8", "utf-8", 0, (Source("a.txt", b""),))
    cleaned = clean_page(page, None, CleanSettings())
    last = 0
    for report in cleaned.reports:
        for start, end in report.spans:
            assert last <= start < end <= len(text)
            last = end
        for place in range(0, len(report.text.text), 7):
            start, end = report.text.raw_span(place, place + 1)
            assert 0 <= start <= end <= len(text)


BYTES = st.one_of(mangled(), TEXTS.map(lambda text: text.encode("gb18030", "replace")))
HEADERS = st.sampled_from([None, "gbk", "utf-8", "big5", "hex", "x"])
CHECKS: dict[str, tuple[Callable[..., None], tuple[st.SearchStrategy[Any], ...]]] = {
    "readers": (check_readers, (mangled(), _NAMES)),
    "decoder": (check_decoder, (BYTES, HEADERS)),
    "html": (lambda markup: check_blocks(_html(markup)), (MARKUP,)),
    "repair": (check_repair, (TEXTS,)),
    "clean": (check_clean, (TEXTS, st.text(max_size=12))),
}


def _html(markup: str) -> RawText:
    from baogao.read.html import read_html

    return read_html(markup)


def fuzz(name: str, seconds: float, folder: Path) -> int:
    """Run a check for so many seconds of processor time; the number of inputs tried. What fails is raised, made small."""
    check, strategies = CHECKS[name]
    arguments = (folder,) if name == "readers" else ()
    tried = 0
    started = time.process_time()
    round_number = 0
    while time.process_time() - started < seconds:

        def one(values: tuple[object, ...]) -> None:
            nonlocal tried
            tried += 1
            begun = time.process_time()
            check(*arguments, *values)
            assert time.process_time() - begun < SECONDS_AN_INPUT, "too slow"

        test = given(st.tuples(*strategies))(one)
        test = settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))(test)
        seed(round_number)(test)()
        round_number += 1
    return tried


def main(seconds: float, names: list[str]) -> None:
    """Run the checks and say how many inputs each saw."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for name in names or list(CHECKS):
            print(f"{name}: {fuzz(name, seconds, Path(folder))} inputs in {seconds:.0f} s, nothing found", flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60, sys.argv[2:])
