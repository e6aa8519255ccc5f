"""What a crawl remembers: kill -9 and go on, updates, sites that refuse, plain lists, and runs that ask nobody."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pyarrow.parquet as pq
import pytest
from fastwarc.warc import ArchiveIterator

from baogao.cli import main
from helpers import ROOT
from scrape_server import Reply, Web, serving, versioned
from scrape_sites import FORUM, GOV, HOSTS, baogao, command, list_page, reports, saved, sites, write_profiles, write_settings

PLAIN = "www.plain.example"


def index(archive):
    return pq.read_table(archive / "index.parquet").to_pylist()


def summary(archive):
    return json.loads((archive / "scrape.json").read_text(encoding="utf-8"))


def records(archive):
    for path in sorted(archive.glob("*.warc.gz")):
        with path.open("rb") as stream:
            yield from (record.headers["WARC-Type"] for record in ArchiveIterator(stream))


def one_site(folder, **scrape):
    """A profile of a site with numbered reports."""
    import yaml

    described = {"start": [f"http://{PLAIN}/"], "reports": {"patterns": ["/r[0-9]+$"]}, "lists": {"patterns": ["/l[0-9]+$"]}, **scrape}
    path = folder / "plain.yaml"
    path.write_text(yaml.safe_dump({"site": PLAIN, "scrape": described}, allow_unicode=True), encoding="utf-8")
    return path


def test_a_killed_crawl_goes_on_and_asks_only_for_what_was_in_flight(tmp_path):
    web = sites()
    options = ["scrape", *write_profiles(tmp_path), "-o", tmp_path / "archive", "--settings", write_settings(tmp_path), "--allow-private"]
    in_flight = set()
    with serving(web):
        options += web.elsewhere(*HOSTS)
        for least in (8, 18):
            process = subprocess.Popen(
                command(*options), stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}
            )
            deadline = time.monotonic() + 60
            while len(web.log) < least and time.monotonic() < deadline:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(0.2)
            list(records(tmp_path / "archive"))  # can be read as it is
            in_flight |= {[(entry.host, entry.path) for entry in web.log if entry.host == host][-1] for host in HOSTS if web.asked(host)}
        begun = len(web.log)
        assert baogao(*options).returncode == 3
    assert begun < len(web.log)
    rows = index(tmp_path / "archive")
    kept = [row["url"] for row in rows if row["kind"] == "report" and row["status"] == 200]
    assert sorted(kept) == sorted(f"http://{host}{path}" for host, path in reports())
    often = {page for page, times in Counter((e.host, e.path) for e in web.log).items() if times > 1}
    troubled = {("www.moxiangck.example", f"/show.asp?id={number}") for number in (2, 4, 5)}
    assert often <= in_flight | troubled | {(host, "/robots.txt") for host in HOSTS}


def test_what_a_kill_left_incomplete_is_cut_off(tmp_path):
    web = Web({(PLAIN, "/"): list_page([("/r1", "x")]), (PLAIN, "/r1"): b"<p>one</p>"})
    options = ["scrape", one_site(tmp_path), "-o", tmp_path / "a", "--settings", write_settings(tmp_path), "--allow-private", "--quiet"]
    with serving(web):
        options += web.elsewhere(PLAIN)
        assert baogao(*options).returncode == 0
        (path,) = (tmp_path / "a").glob("*.warc.gz")
        whole = path.read_bytes()
        path.write_bytes(whole + whole[: len(whole) // 3])
        assert baogao(*options).returncode == 0
    assert path.read_bytes() == whole


def test_an_update_is_sent_only_what_has_changed(tmp_path):
    pages = {number: f"<p>report {number}</p>".encode() for number in (1, 2, 3)}
    etags = dict.fromkeys(pages, '"a"')
    links = [(f"/r{number}", "x") for number in pages]
    web = Web({(PLAIN, f"/r{n}"): versioned(lambda n=n: pages[n], lambda n=n: etags[n]) for n in pages})
    web.pages[PLAIN, "/"] = lambda asked: Reply(list_page(links))
    options = ["scrape", one_site(tmp_path), "-o", tmp_path / "a", "--settings", write_settings(tmp_path), "--allow-private"]
    with serving(web):
        options += web.elsewhere(PLAIN)
        assert baogao(*options).returncode == 0
        first = len(web.log)
        pages[2], etags[2] = b"<p>report 2, corrected</p>", '"b"'
        links.append(("/r4", "new"))
        web.pages[PLAIN, "/r4"] = pages[1]
        done = baogao(*options, "--update")
    later = {entry.path: entry for entry in web.log[first:]}
    assert done.returncode == 0
    assert {path: later[path].status for path in ("/r1", "/r2", "/r3", "/r4")} == {"/r1": 304, "/r2": 200, "/r3": 304, "/r4": 200}
    assert later["/r1"].headers["If-None-Match"] == '"a"'
    rows = [(row["url"].rpartition("/")[2], row["record"], row["status"]) for row in index(tmp_path / "a") if row["kind"] == "report"]
    assert sorted(rows[3:]) == [("r1", "revisit", 304), ("r2", "response", 200), ("r3", "revisit", 304), ("r4", "response", 200)]
    assert "2 unchanged" in done.stdout


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Reply("<p>您的访问过于频繁，请稍后再试</p>".encode()), "the page says 访问过于频繁"),
        (Reply(b'<form id="captcha"></form>' + "很长的一页。".encode() * 200), "the page holds form#captcha"),
        (Reply(b"", 302, {"Location": "/login?from=r2"}), f"it redirects to http://{PLAIN}/login?from=r2"),
        (Reply(b"", 429), "still status 429 after 3 requests"),
        (Reply(b"", 503, {"Retry-After": "86400"}), "it asks to wait 86,400 seconds (status 503)"),
    ],
)
def test_a_site_that_says_no_is_left_alone_and_the_page_stays_to_be_asked(tmp_path, answer, reason):
    web = Web({(PLAIN, "/"): list_page([(f"/r{n}", "x") for n in range(1, 9)]), (PLAIN, "/r2"): answer})
    web.pages |= {(PLAIN, f"/r{n}"): b"<p>report</p>" for n in (1, 3, 4, 5, 6, 7, 8)}
    profile = one_site(tmp_path, refusal={"selectors": ["form#captcha"]})
    options = ["scrape", profile, "-o", tmp_path / "a", "--settings", write_settings(tmp_path, delay=0, backoff=0.02), "--allow-private"]
    with serving(web):
        done = baogao(*options, *web.elsewhere(PLAIN))
    assert done.returncode == 3
    assert "/r3" not in web.asked(PLAIN)
    assert summary(tmp_path / "a")["refused"] == {PLAIN: {"reason": reason, "left": 7}}
    assert f"{PLAIN} is left alone: {reason}; 7 pages left" in done.stdout
    assert [row["kind"] for row in index(tmp_path / "a") if row["url"].endswith("/r2")][-1] in ("refusal", "retried")


def test_a_host_whose_robots_txt_cannot_be_had_is_not_asked(tmp_path):
    web = Web({(PLAIN, "/robots.txt"): Reply(b"", 500), (PLAIN, "/"): list_page([])})
    options = ["scrape", one_site(tmp_path), "-o", tmp_path / "a", "--settings", write_settings(tmp_path, backoff=0.02), "--allow-private"]
    with serving(web):
        assert baogao(*options, *web.elsewhere(PLAIN)).returncode == 3
    assert set(web.asked(PLAIN)) == {"/robots.txt"}


def test_a_host_that_answers_nothing_whole_is_left_alone(tmp_path):
    web = Web({(PLAIN, "/"): list_page([(f"/r{n}", "x") for n in range(1, 31)])})
    web.pages |= {(PLAIN, f"/r{n}"): Reply(b"<p>report</p>", cut=3) for n in range(1, 31)}
    settings = write_settings(tmp_path, delay=0, backoff=0.01, retries=1)
    with serving(web):
        done = baogao("scrape", one_site(tmp_path), "-o", tmp_path / "a", "--settings", settings, "--allow-private", *web.elsewhere(PLAIN))
    assert done.returncode == 3
    assert web.asked(PLAIN)[2:] == ["/r1", "/r1", "/r2", "/r2", "/r3", "/r3", "/r4"]
    told = summary(tmp_path / "a")
    assert told["refused"][PLAIN]["reason"].startswith("7 requests in a row got no answer")
    assert told["failed"]["n"] == 3


def test_limits_end_a_run_and_a_later_one_with_higher_limits_goes_on(tmp_path):
    web = Web({(PLAIN, "/"): list_page([(f"/r{n}", "x") for n in range(1, 6)]), **{(PLAIN, f"/r{n}"): b"<p>r</p>" for n in range(1, 6)}})
    rest = ["-o", tmp_path / "a", "--settings", write_settings(tmp_path, delay=0), "--allow-private"]
    with serving(web):
        first = baogao("scrape", one_site(tmp_path, limits={"pages": 3}), *rest, *web.elsewhere(PLAIN))
        assert "plain: limits.pages of 3 reached" in first.stdout
        assert web.asked(PLAIN) == ["/robots.txt", "/", "/r1", "/r2"]
        assert baogao("scrape", one_site(tmp_path), *rest, *web.elsewhere(PLAIN)).returncode == 0
    assert web.asked(PLAIN)[4:] == ["/robots.txt", "/r3", "/r4", "/r5"]


def test_a_plain_list_is_fetched_and_no_link_followed(tmp_path):
    web = Web({(FORUM, "/a"): saved(FORUM, "forum-1.html"), (GOV, "/b?c=d"): saved(GOV, "gov-1.html")})
    listed = tmp_path / "list.txt"
    listed.write_text(f"# two pages\nhttp://{FORUM}/a\n\nhttp://{GOV}/b?c=d#top\n", encoding="utf-8")
    rest = ["-o", tmp_path / "a", "--settings", write_settings(tmp_path), "--allow-private"]
    with serving(web):
        assert baogao("scrape", "--urls", listed, *rest, *web.elsewhere(*HOSTS)).returncode == 0
    assert sorted(e.path for e in web.log) == ["/a", "/b?c=d", "/robots.txt", "/robots.txt"]
    assert {row["kind"] for row in index(tmp_path / "a")} == {"report", "robots"}


def test_private_addresses_are_not_asked_even_where_a_name_leads_to_them(tmp_path):
    web = Web({("127.0.0.1", "/a"): b"<p>a</p>", ("localhost", "/a"): b"<p>a</p>", (PLAIN, "/a"): b"<p>a</p>"})
    with serving(web):
        names = [f"127.0.0.1:{web.port}", f"localhost:{web.port}", f"2130706433:{web.port}", f"[::ffff:127.0.0.1]:{web.port}", PLAIN]
        listed = tmp_path / "list.txt"
        listed.write_text("".join(f"http://{name}/a\n" for name in names), encoding="utf-8")
        done = baogao("scrape", "--urls", listed, "-o", tmp_path / "a", "--settings", write_settings(tmp_path), *web.elsewhere(PLAIN))
    assert web.log == []
    assert done.returncode == 3
    told = summary(tmp_path / "a")
    assert len(told["refused"]) == 5
    assert all("address" in entry["reason"] for entry in told["refused"].values())


def test_a_dry_run_asks_nobody_and_writes_nothing(tmp_path):
    web = sites()
    with serving(web):
        options = ["-o", tmp_path / "a", "--settings", write_settings(tmp_path), "--dry-run", *web.elsewhere(*HOSTS)]
        done = baogao("scrape", *write_profiles(tmp_path), *options)
    assert done.returncode == 0
    assert web.log == []
    assert not (tmp_path / "a").exists()
    assert "list http://www.moxiangck.example/list.asp?id=3" in done.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["jsjd"], "Fill in scrape.contact"),
        ([], "Name at least one site profile"),
        (["nowhere"], "There is no site profile nowhere"),
        (["example", "--contact", "a@b.example"], "has no part `scrape`"),
        (["jsjd", "--contact", "a@b.example\nX-Evil: 1"], "must be one line"),
        (["jsjd", "--contact", "a@b.example", "--resolve", "x"], "--resolve x is not valid"),
    ],
)
def test_wrong_use_is_one_sentence_and_asks_nobody(tmp_path, options, message, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["baogao", "scrape", *options, "-o", str(tmp_path / "a")])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "a").exists()
