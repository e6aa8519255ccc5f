"""Build the corpus' pages and gold annotations from its reports: `python corpus/build/build.py [FOLDER]`.

Writes pages/, gold/ and demo/ below FOLDER (by default the corpus itself). The same reports give the same bytes. Exits with 1 if
a page could not be read back, after writing the rest.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from families import CORPUS, all_reports, load_families, load_yaml, read_reports
from formats import file_name, page_bytes, warc_bytes, zip_bytes
from gold import AlignmentError, GoldPage, align, page_gold, report_gold
from pages import Page, check_plan, load_plan, make_page
from reuse import reuse_gold

from baogao.errors import ReadError
from baogao.read.reader import read_source
from baogao.read.sources import open_file
from baogao.records import Failure
from baogao.settings import ReadSettings

SPLITS = ("train", "dev", "test")


def make_pages() -> list[Page]:
    """All pages of the plan. Raises ValueError where plan and reports do not fit."""
    written = read_reports()
    reports = all_reports(written, load_families(written))
    plan = load_plan()
    errors = check_plan(plan, reports)
    if errors:
        raise ValueError("\n".join(errors))
    return [make_page(page_id, spec, reports) for page_id, spec in plan.items()]


def page_files(pages: Iterable[Page]) -> dict[str, tuple[bytes, list[tuple[str, Page]]]]:
    """Path below pages/ -> the file's bytes, and the pages in it with the names under which they are read."""
    files: dict[str, tuple[bytes, list[tuple[str, Page]]]] = {}
    archives: dict[str, list[Page]] = defaultdict(list)
    for page in pages:
        if page.plan.get("archive"):
            archives[f"{page.split}/{page.plan['archive']}"].append(page)
        else:
            name = f"{page.split}/{file_name(page)}"
            files[name] = page_bytes(page), [(name, page)]
    for path, members in archives.items():
        if path.endswith(".zip"):
            members.sort(key=file_name)
            names = [f"{path}!/{file_name(page)}" for page in members]
            data = zip_bytes([(file_name(page), page_bytes(page)) for page in members])
        else:
            names = [f"{path}!/{number}" for number in range(1, len(members) + 1)]
            data = warc_bytes([(page, page_bytes(page)) for page in members])
        files[path] = data, list(zip(names, members, strict=True))
    return dict(sorted(files.items()))


def read_back(root: Path, files: Mapping[str, tuple[bytes, list[tuple[str, Page]]]]) -> tuple[list[GoldPage], list[str]]:
    """The pages as the reader reads them, aligned with what they were made of; and what could not be read."""
    pages, errors = [], []
    for path, (_, members) in files.items():
        found = {item.source: item for item in open_file(root / path, path, ReadSettings())}
        for name, page in members:
            try:
                item = found.get(name)
                if item is None or isinstance(item, Failure):
                    raise AlignmentError(f"{name}: {item.error if item else 'not found'}")
                pages.append(align(name.split("/", 1)[1], page, read_source(item)))
            except (AlignmentError, ReadError) as error:
                errors.append(f"{name} is left out of the gold: {error}")
    return pages, errors


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    """A JSON list, a row a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def main(folder: Path) -> int:
    """Build everything below the folder; 1 if a page could not be read back."""
    written = read_reports()
    files = page_files(make_pages())
    shutil.rmtree(folder / "pages", ignore_errors=True)
    for path, (data, _) in files.items():
        target = folder / "pages" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    pages, errors = read_back(folder / "pages", files)
    for split in SPLITS:
        here = [page for page in pages if page.page.split == split]
        write_rows(folder / "gold" / f"{split}.json", [report_gold(page, report) for page in here for report in page.reports])
        write_rows(folder / "gold" / f"pages_{split}.json", [page_gold(page) for page in here])
    write_rows(folder / "gold" / "reuse.json", reuse_gold(load_families(written), pages))
    _write_demo(folder, files)
    for error in errors:
        print(error, file=sys.stderr)
    print(f"{sum(len(page.reports) for page in pages)} reports on {len(pages)} pages in {len(files)} files")
    return int(bool(errors))


def _write_demo(folder: Path, files: Mapping[str, tuple[bytes, Any]]) -> None:
    shutil.rmtree(folder / "demo", ignore_errors=True)
    for path in load_yaml(CORPUS / "build" / "demo.yaml"):
        target = folder / "demo" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(files[f"train/{path}"][0])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS))
