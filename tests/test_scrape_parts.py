"""The parts of a crawl that need no network: addresses, profiles, links, signs of refusal, robots.txt."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator
from typer.testing import CliRunner

from baogao.cli import app
from baogao.errors import BaogaoError
from baogao.read.warc_notes import with_notes
from baogao.scrape.answers import Answers
from baogao.scrape.crawl import Crawl
from baogao.scrape.frontier import Found, Frontier
from baogao.scrape.guard import ForbiddenAddressError, Guard, forbidden
from baogao.scrape.links import links_of
from baogao.scrape.pace import Pace
from baogao.scrape.pages import FetchedPage, normal_url
from baogao.scrape.profile import Profile, Refusal, plain_list, read_site
from baogao.scrape.refusal import refusal_of
from baogao.scrape.resolver import resolver_with
from baogao.scrape.retry_after import retry_after
from baogao.scrape.robots import read_rules
from baogao.scrape.settings import ScrapeSettings
from baogao.scrape.warc_writer import Exchange, WarcWriter
from helpers import ROOT
from scrape_sites import GOV, PAGES, list_page, saved

PRIVATE = (
    "127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "2002:7f00:1::",
    "64:ff9b::a00:1", "2001:db8::1",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_forbidden(address):
    assert forbidden(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_public_addresses_are_allowed(address):
    assert forbidden(address) is None


def answer_with(monkeypatch, *answers):
    """Let the name server give one answer after the other."""
    left = list(answers)

    def look_up(host, port, type=0):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in left.pop(0)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return left


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest/", "http://[::1]/", "http://127.0.0.1:8080/x"])
def test_a_redirect_to_a_private_address_is_not_followed(tmp_path, address):
    frontier, site = Frontier(tmp_path / "f.sqlite"), plain_list()
    with frontier.step():
        frontier.add(site.name, [Found("http://a.example/", "report")])
    writer = WarcWriter(tmp_path, frontier, limit=10_000, info={})
    crawl = Crawl(tmp_path, {site.name: site}, ScrapeSettings(), frontier, writer, Guard(), Pace(), lambda crawl, url: None)
    target = crawl.next_target()
    Answers(crawl).received(target, Exchange(target.url, (), 302, (("Location", address),), b"", "HTTP/1.1", None), b"")
    assert not crawl.has_more()
    ((state, reason),) = frontier.rows("SELECT state, reason FROM urls")
    assert state == "skipped"
    assert reason.startswith("redirects to a forbidden address")


class FullDisk:
    """A file that takes ten bytes more."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def write(self, data):
        with self.path.open("r+b") as stream:
            stream.seek(0, 2)
            stream.write(data[:10])
        raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_no_half_record_before_later_ones(tmp_path, monkeypatch):
    frontier = Frontier(tmp_path / "f.sqlite")
    writer = WarcWriter(tmp_path, frontier, limit=10_000, info={})
    writer.prepare()
    exchange = Exchange("http://a.example/", (), 200, (), b"<p>a</p>", "HTTP/1.1", None)
    ordinary = Path.open
    monkeypatch.setattr(Path, "open", lambda path, mode="r", *rest: FullDisk(path) if mode == "ab" else ordinary(path, mode, *rest))
    with pytest.raises(OSError, match="No space"):
        writer.write(exchange, "report", {})
    monkeypatch.undo()
    writer.write(exchange, "report", {"title": "总结"})
    (path,) = tmp_path.glob("*.warc.gz")
    with path.open("rb") as stream:
        found = [record.headers["WARC-Type"] for record in ArchiveIterator(stream, parse_http=False)]
    assert found == ["warcinfo", "metadata", "response", "request"]


def test_one_private_address_among_those_of_a_name_is_enough_to_refuse_it(monkeypatch):
    answer_with(monkeypatch, ["93.184.216.34", "10.0.0.1"])
    guard = Guard()
    with pytest.raises(ForbiddenAddressError):
        guard.resolve("www.evil.example", 80)
    assert guard.refused == {"www.evil.example": "10.0.0.1 is a private or reserved address"}


class Pool:
    """A thread pool and reactor that do all at once."""

    def getThreadPool(self):  # noqa: N802
        return self

    def callInThreadWithCallback(self, result, function, *args, **kwargs):  # noqa: N802
        try:
            result(True, function(*args, **kwargs))
        except Exception:
            from twisted.python.failure import Failure

            result(False, Failure())

    def callFromThread(self, function, *args, **kwargs):  # noqa: N802
        function(*args, **kwargs)


class Receiver:
    def __init__(self):
        self.addresses, self.complete = [], False

    def resolutionBegan(self, resolution):  # noqa: N802
        pass

    def addressResolved(self, address):  # noqa: N802
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self):  # noqa: N802
        self.complete = True


def test_a_connection_goes_to_the_address_that_was_checked_though_the_name_server_changes_its_answer(monkeypatch):
    left = answer_with(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    resolver = resolver_with(Guard())(Pool())
    first, second = Receiver(), Receiver()
    resolver.resolveHostName(first, "www.evil.example", 80)
    assert first.addresses == [("93.184.216.34", 80)]
    assert len(left) == 1  # asked once
    resolver.resolveHostName(second, "www.evil.example", 80)
    assert (second.addresses, second.complete) == ([], True)  # a later connection is checked anew, and refused


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://Www.A.example:80/x/?b=1#c", "http://www.a.example/x/?b=1"),
        ("https://a.example:443", "https://a.example/"),
        ("https://a.example:8443/", "https://a.example:8443/"),
        ("http://user:word@a.example/", "http://a.example/"),
        ("http://[::1]/", "http://[::1]/"),
        ("ftp://a.example/", None),
        ("javascript:void(0)", None),
        ("file:///etc/passwd", None),
        ("http:///x", None),
        ("http://a.example:99999/", None),
        ("http://a.example/" + "x" * 3000, None),
    ],
)
def test_addresses_have_one_form(url, normal):
    assert normal_url(url) == normal


def test_a_query_is_escaped_in_the_encoding_of_its_page():
    page = FetchedPage("http://a.example/", '<meta charset="gbk"><a href="s?q=总结">x</a>'.encode("gbk"), "text/html")
    assert page.links(Profile(reports={"patterns": ["s"]}).reports) == ["http://a.example/s?q=%D7%DC%BD%E1"]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        ("<p>社区工作总结，科普活动</p>".encode("gb18030"), None),  # no charset
        (b'<meta charset="gb2312">' + "<p>社区工作总结，科普活动</p>".encode(), None),  # converted, the declaration left
        ("<meta charset='gb2312'><p>社区工作总结，科普活动</p>".encode("gb18030"), None),
        (b'<meta charset="big5">' + "<p>社区工作总结，科普活动</p>".encode("gb18030"), "gb18030"),  # only the profile knows
    ],
)
def test_a_page_is_decoded_as_what_it_is(body, encoding):
    assert FetchedPage("http://a.example/", body, "text/html", encoding).text == "社区工作总结，科普活动"


def test_from_a_report_only_its_next_page_is_followed():
    profile = Profile(reports={"patterns": ["/r"]}, lists={"patterns": ["/l"]}, next_page={"text": "^下一页$"}, exclude=["bad"])
    page = FetchedPage("http://a.example/r1", list_page([("/r2", "x"), ("/l1", "y"), ("/r1_2", "下一页"), ("/bad", "下一页")]))
    assert [link.url for link in links_of(page, "report", profile)] == ["http://a.example/r1_2"]
    assert [(link.url, link.kind) for link in links_of(page, "list", profile)] == [
        ("http://a.example/r2", "report"), ("http://a.example/r1_2", "report"), ("http://a.example/l1", "list"),
    ]  # fmt: skip


def test_a_word_of_refusal_in_a_report_is_none():
    refusal = Refusal()
    assert refusal_of(FetchedPage("http://a.example/", "<p>请输入验证码</p>".encode()), refusal)
    assert refusal_of(FetchedPage("http://a.example/", ("<p>" + "开展科普活动。" * 100 + "请输入验证码</p>").encode()), refusal) is None


def test_robots_txt_says_who_may_ask_what_and_how_often():
    rules = read_rules(b"User-agent: *\nDisallow: /\n\nUser-agent: baogao\nDisallow: /a\nAllow: /a/b\nCrawl-delay: 7\nRequest-rate: 1/20\n")
    assert [rules.allow(f"http://x.example{path}") for path in ("/", "/a", "/a/b")] == [True, False, True]
    assert rules.delay == 20
    assert read_rules(b"<html>Not found</html>").allow("http://x.example/a")


def test_retry_after_is_a_number_or_a_date_or_nothing():
    now = datetime(2024, 1, 1, tzinfo=UTC)
    values = {"5": 5.0, "Mon, 01 Jan 2024 00:01:00 GMT": 60.0, "Sun, 31 Dec 2023 00:00:00 GMT": 0.0, "soon": None, "-1": None, "": None}
    assert {value: retry_after(value, now) for value in values} == values


def test_a_host_is_left_alone_for_the_longest_time_that_anybody_wants():
    now = [0.0]
    pace = Pace(clock=lambda: now[0])
    pace.want_interval("a", 3)
    pace.want_interval("a", 2)
    pace.answered("a")
    assert pace.left("a") == 3
    pace.pause("a", 10)
    pace.answered("a")
    now[0] = 9
    assert pace.left("a") == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("site: a\nscrape: {reprots: {}}", "scrape.reprots is not valid: Extra inputs are not permitted."),
        ("site: a\nscrape: {reports: {patterns: ['(']}}", "scrape.reports.patterns.0 is not valid"),
        ("site: a\nscrape: {reports: {selectors: ['a[']}}", "is no CSS selector"),
        ("site: a\nscrape: {encoding: gbx}", "there is no encoding gbx"),
        ("site: a\nscrape: {start: ['ftp://a/']}", "is no http or https address"),
        ("scrape: {}", "is not valid"),
        ("site: a", "has no part `scrape`"),
    ],
)
def test_a_wrong_profile_is_one_sentence_that_names_the_place(tmp_path, content, message):
    path = tmp_path / "a.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BaogaoError) as error:
        read_site(str(path))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_every_shipped_profile_finds_title_and_date_in_saved_pages_of_its_site():
    for name in ("jsjd", "moxiangck", "shequren"):
        shown = CliRunner().invoke(app, ["check-site", name, "--pages", str(PAGES)])
        lines = shown.stdout.splitlines()
        pages = [line for line in lines if line.startswith("report ")]
        assert len(pages) >= 4, name
        assert not [line for line in lines if line == "    title: (not found)"], name
        assert len([line for line in lines if line.startswith("    date: 2")]) >= 3, name  # some pages of the corpus show none


def test_check_site_tells_what_a_crawl_would_follow(tmp_path):
    folder = tmp_path / GOV / "col4"
    folder.mkdir(parents=True)
    (folder / "index.html").write_bytes(list_page([("t_1.html", "x"), ("/about.html", "y")], "index_1.html"))
    (folder / "t_1.html").write_bytes(saved(GOV, "gov-1.html"))
    (folder / "t_2.html").write_text("<p>您的访问被拒绝</p>", encoding="utf-8")
    shown = CliRunner().invoke(app, ["check-site", str(ROOT / "configs" / "sites" / "jsjd.yaml"), "--pages", str(tmp_path)])
    assert shown.exit_code == 0
    assert shown.stdout.splitlines()[2:] == [
        "list http://www.jsjd.example/col4/index.html",
        "    report http://www.jsjd.example/col4/t_1.html",
        "    next page http://www.jsjd.example/col4/index_1.html",
        "report http://www.jsjd.example/col4/t_1.html",
        "    title: 桐油坊社区2012年工作总结",
        "    date: 2016-01-02",
        "    category: 社区风采",
        "refusal http://www.jsjd.example/col4/t_2.html: the page says 您的访问被拒绝",
        "3 saved pages of the site",
    ]


def test_the_encoding_of_a_profile_holds_when_the_archive_is_read():
    from baogao.read.page import Source

    source = with_notes(Source("a", b"", charset="utf-8"), {"encoding": "gb18030", "title": "总结"})
    assert (source.charset, source.metadata) == ("gb18030", {"profile.title": "总结"})
