"""Pages that are processed together give what each gives alone, and one that breaks costs no other."""

from functools import cache

from baogao.classify.models import load_models
from baogao.extract.extract import Extractor
from baogao.language.segment import Segmenter
from baogao.read.reader import read_source
from baogao.read.sources import open_file
from baogao.run import page as page_module
from baogao.run.page import PageTask, process_pages
from baogao.settings import Settings
from corpus_files import CORPUS

SETTINGS = Settings()


@cache
def extractor():
    return Extractor(Segmenter(), load_models(), SETTINGS.extract)


@cache
def tasks():
    paths = sorted(path for path in (CORPUS / "demo").rglob("*.html") if path.is_file())[:8]
    sources = [source for path in paths for source in open_file(path, path.name, SETTINGS.read)]
    return [PageTask(read_source(source)) for source in sources]


def process(some):
    return process_pages(some, SETTINGS.clean, extractor())


def test_what_is_found_on_a_page_does_not_depend_on_the_pages_beside_it():
    together = process(tasks())
    assert sum(len(rows["activities"]) for rows in together if "activities" in rows) > 100
    assert together == [rows for task in tasks() for rows in process([task])]
    assert together[::-1] == process(tasks()[::-1])


def test_a_page_that_breaks_costs_no_other(monkeypatch):
    broken = tasks()[2].page.page_id
    extract = page_module.extract_pages

    def break_on_one(pages, extractor):
        if any(page.page_id == broken for page in pages):
            raise RuntimeError("broken")
        return extract(pages, extractor)

    whole = process(tasks())
    monkeypatch.setattr(page_module, "extract_pages", break_on_one)
    found = process(tasks())
    assert [rows["failures"][0].error.split(" (")[0] for rows in found if "failures" in rows] == ["RuntimeError: broken"]
    assert found[:2] + found[3:] == whole[:2] + whole[3:]
