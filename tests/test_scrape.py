"""A crawl of three sites that play tricks, from the command line: what is asked, how fast, what is kept, and what `run` makes of it."""

import json
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace

import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType, is_warc_11

from scrape_server import serving
from scrape_sites import CRAWL_DELAY, DELAY, FORUM, GOV, HOSTS, OLD, baogao, reports, sites, write_profiles, write_settings


@pytest.fixture(scope="module")
def crawl(tmp_path_factory):
    """One crawl that all tests of this file look at, and a second call of the same command."""
    folder = tmp_path_factory.mktemp("scrape")
    web = sites()
    with serving(web):
        options = [
            "scrape", *write_profiles(folder), "-o", folder / "archive", "--settings", write_settings(folder, warc_bytes=60_000),
            "--allow-private", *web.elsewhere(*HOSTS),
        ]  # fmt: skip
        done = baogao(*options)
        log, sent = list(web.log), web.sent
        again = baogao(*options)
        later = web.log[len(log) :]
    archive = folder / "archive"
    return SimpleNamespace(
        folder=folder, archive=archive, done=done, again=again, log=log, later=later, sent=sent, web=web,
        index=pq.read_table(archive / "index.parquet").to_pylist(), summary=json.loads((archive / "scrape.json").read_text("utf-8")),
    )  # fmt: skip


def asked(crawl, host):
    return [entry.path for entry in crawl.log if entry.host == host]


def test_every_report_is_kept_and_nothing_else(crawl):
    assert crawl.done.returncode == 3, crawl.done.stderr  # a dead link
    kept = {row["url"] for row in crawl.index if row["kind"] == "report" and row["status"] == 200}
    assert kept == {f"http://{host}{path}" for host, path in reports()}


def test_nothing_forbidden_was_asked(crawl):
    paths = asked(crawl, GOV)
    assert paths[0] == "/robots.txt"
    assert not [path for path in paths if path.startswith("/private/") or "print=" in path]
    assert {entry.host for entry in crawl.log} == set(HOSTS)
    assert "/thread-7-1-1.html" not in asked(crawl, FORUM)


def test_no_page_is_asked_twice_but_after_trouble(crawl):
    often = {page: times for page, times in Counter((e.host, e.path) for e in crawl.log).items() if times > 1}
    assert often == {(OLD, "/show.asp?id=2"): 2, (OLD, "/show.asp?id=4"): 2, (OLD, "/show.asp?id=5"): 2}


def test_a_host_is_asked_one_page_at_a_time_and_no_faster_than_agreed(crawl):
    for host, delay in ((GOV, CRAWL_DELAY), (OLD, DELAY), (FORUM, DELAY)):
        entries = sorted((e for e in crawl.log if e.host == host), key=lambda e: e.began)
        gaps = [after.began - before.began for before, after in pairwise(entries)]
        assert min(gaps) >= delay * 0.95, host
        # the server's own log of a page that the crawler gave up (slow, 1 GB) ends later than the crawler's
        orderly = [e for e in entries if e.path not in ("/show.asp?id=4", "/show.asp?id=98", "/show.asp?id=99")]
        assert all(before.ended <= after.began for before, after in pairwise(orderly)), host


def test_retry_after_holds_for_the_whole_host(crawl):
    entries = sorted((e for e in crawl.log if e.host == OLD), key=lambda e: e.began)
    busy = next(number for number, entry in enumerate(entries) if entry.status == 429)
    assert entries[busy + 1].began - entries[busy].ended >= 0.99


def test_every_request_names_the_tool_and_the_contact(crawl):
    assert {entry.headers["User-Agent"] for entry in crawl.log} == {"baogao/0.1.0 (+test@baogao.example)"}
    assert not [entry for entry in crawl.log if "Cookie" in entry.headers or "Referer" in entry.headers]


def test_a_huge_page_is_cut_off_and_not_kept(crawl):
    assert crawl.sent < 20_000_000
    reasons = {entry["url"]: entry["reason"] for entry in crawl.summary["skipped"]["urls"]}
    for number in (98, 99):
        assert reasons[f"http://{OLD}/show.asp?id={number}"] == "larger than 500,000 bytes (scrape.max_body_bytes)"
    assert reasons[f"http://{OLD}/show.asp?id=97"] == "unpacks to more than 1,000,000 bytes (scrape.max_unpacked_bytes)"


def test_an_endless_calendar_is_left(crawl):
    assert len([path for path in asked(crawl, FORUM) if path.startswith("/forum-")]) == 7
    assert "behind 5 list pages without a new report (limits.barren)" in crawl.summary["skipped"]["reasons"]


def test_the_summary_says_what_was_not_fetched_and_why(crawl):
    reasons = {entry["url"]: entry["reason"] for entry in crawl.summary["skipped"]["urls"]}
    assert reasons[f"http://{GOV}/private/t_9.html"] == "robots.txt"
    assert reasons[f"http://{GOV}/col4/t_41.html"] == "redirects off the site"
    assert reasons[f"http://{GOV}/col4/t_42.html"] == "redirects to no http address"
    assert reasons["http://www.elsewhere.example/t_1.html"] == "off the site"
    assert crawl.summary["failed"]["urls"] == [
        {"url": f"http://{GOV}/col4/t_404.html", "reason": "status 404", "found_on": f"http://{GOV}/col4/index_1.html"}
    ]
    assert crawl.summary["state"] == "finished"
    assert "pages fetched: 15 reports" in crawl.done.stdout
    assert "1 robots.txt" in crawl.done.stdout


def test_the_same_command_again_asks_for_nothing(crawl):
    assert crawl.later == []
    assert crawl.again.stdout.startswith("0 pages fetched")


def test_the_warc_files_are_sound_and_rolled(crawl):
    files = sorted(crawl.archive.glob("*.warc.gz"))
    assert len(files) > 1
    types = Counter()
    for path in files:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                assert is_warc_11(record)
                assert record.verify_block_digest()
                if record.record_type == WarcRecordType.response:
                    record.parse_http()
                    assert record.verify_payload_digest()
                types[record.headers["WARC-Type"]] += 1
    assert types["warcinfo"] == len(files)
    assert types["response"] + types["revisit"] == types["request"] == len(crawl.index)


def test_warcio_finds_no_fault(crawl):
    from warcio.cli import main

    with pytest.raises(SystemExit) as end:
        main(["check", *map(str, crawl.archive.glob("*.warc.gz"))])
    assert end.value.code == 0


def test_pywb_indexes_the_files(crawl, tmp_path):
    indexer = pytest.importorskip("pywb.indexer.cdxindexer", reason="pywb is not installed: pip install pywb")
    for path in crawl.archive.glob("*.warc.gz"):
        indexer.main(["-j", "-o", str(tmp_path / (path.name + ".cdxj")), str(path)])
    lines = [line for path in tmp_path.glob("*.cdxj") for line in path.read_text().splitlines()]
    indexed = {json.loads(line.split(" ", 2)[2])["url"] for line in lines}
    assert {f"http://{host}{path}" for host, path in reports()} <= indexed


def test_the_index_leads_to_the_records(crawl):
    for row in crawl.index:
        with (crawl.archive / row["file"]).open("rb") as stream:
            stream.seek(row["offset"])
            record = next(iter(ArchiveIterator(stream)))
        assert record.record_id == row["record_id"]
        assert record.headers["WARC-Target-URI"] == row["url"]
        assert record.headers["WARC-Payload-Digest"] == row["digest"]


def test_metadata_and_parts_of_an_article_are_taken_down(crawl):
    rows = {row["url"]: row for row in crawl.index}
    first, second = rows[f"http://{GOV}/col4/t_5.html"], rows[f"http://{GOV}/col4/t_5_1.html"]
    assert dict(first["metadata"])["category"] == "社区风采"
    assert (second["article"], second["part"]) == (first["url"], 2)
    declared_gb2312_but_utf8 = rows[f"http://{GOV}/col4/t_4.html"]
    assert dict(declared_gb2312_but_utf8["metadata"])["category"] == "社区风采"


CAPTURE = {"pages": ["metadata", "encoding_declared", "encoding_basis"]}


def test_run_makes_of_the_archive_what_it_makes_of_the_same_pages_as_files(crawl, tmp_path):
    for (host, path), page in reports().items():
        name = path.strip("/").replace("/", "_").replace("?", "_")
        file = tmp_path / "files" / host / (name if name.endswith(".html") else name + ".html")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(page)
    for source, out in ((crawl.archive, "a"), (tmp_path / "files", "b")):
        done = baogao("run", source, "-o", tmp_path / out, "--workers", "1", "--quiet")
        assert done.returncode in (0, 3), done.stderr
    tables = sorted(path.name for path in (tmp_path / "a" / "dataset").iterdir() if path.is_dir())
    assert tables == sorted(path.name for path in (tmp_path / "b" / "dataset").iterdir() if path.is_dir())
    for table in set(tables) - {"page_sources", "failures"}:
        a, b = (ds.dataset(tmp_path / out / "dataset" / table, format="parquet").to_table() for out in "ab")
        a, b = (content.drop_columns(CAPTURE.get(table, [])) for content in (a, b))
        assert a.equals(b), table
    urls = ds.dataset(tmp_path / "a" / "dataset" / "page_sources", format="parquet").to_table().column("url").to_pylist()
    assert sorted(urls) == sorted(f"http://{host}{path}" for host, path in reports())
