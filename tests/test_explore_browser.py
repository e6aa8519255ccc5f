"""`baogao explore` in a real Chromium: the main ways by keyboard, hostile pages, a wrong token, a second tab.

BAOGAO_SCREENSHOTS=1 writes the pictures of docs/images as well.
"""

import os
import shutil
import socket
import threading
from pathlib import Path

import pytest
import uvicorn

from baogao.explore.app import make_app
from baogao.explore.correct import CorrectionFile
from baogao.explore.index import build_index
from baogao.explore.store import Store
from baogao.run.output import Output
from helpers import ROOT
from test_explore import TOKEN, explored, hostile, rows  # noqa: F401  (fixtures)

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (pip install playwright)")
IMAGES = ROOT / "docs" / "images" if os.environ.get("BAOGAO_SCREENSHOTS") else None


class Served:
    """The application on a port of its own, with the file of corrections."""

    def __init__(self, out: Path) -> None:
        output = Output(out)
        self.corrections = output.corrections
        self.store = Store(build_index(output.dataset, output.work / "explore", lambda words: None))
        app = make_app(self.store, CorrectionFile(output.corrections, output.work / "lock3"), TOKEN)
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, args=([self.socket],), daemon=True)
        self.thread.start()
        self.host = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.home = f"{self.host}/{TOKEN}/"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.store.close()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def site(explored):  # noqa: F811
    (explored / "corrections.jsonl").unlink(missing_ok=True)
    served = Served(explored)
    yield served
    served.stop()


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1360, "height": 850})
    page = context.new_page()
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (page.problems.append(f"dialog {dialog.message}"), dialog.dismiss()))
    yield page
    context.close()


def picture(page, name):
    if IMAGES:
        IMAGES.mkdir(exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png")


def richest(out):
    """The report with most organizations, then activities."""
    n = {}
    for table, weight in (("organizations", 1000), ("activities", 1)):
        for row in rows(out, table):
            n[row["report_id"]] = n.get(row["report_id"], 0) + weight
    return max(sorted(n), key=n.__getitem__)


def test_from_a_search_to_a_record_and_back_by_keyboard(site, page):
    page.goto(site.home)
    page.keyboard.press("/")
    page.keyboard.type("科普 讲座")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    assert page.locator(".hits mark").first.inner_text() in ("科普", "讲座")
    picture(page, "explore-search")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/report/*")
    page.keyboard.press("j")
    chosen = page.locator("#records .here")
    assert chosen.count() == 1
    for pane in ("#raw", "#clean"):
        marks = page.locator(f"{pane} .on")
        assert marks.count() >= 1
        assert all(chosen.get_attribute("id") in mark.get_attribute("data-ids").split() for mark in marks.all())
        assert marks.first.is_visible()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/calendar")
    assert page.problems == []


def test_a_mark_in_either_text_chooses_its_record(site, page, explored):  # noqa: F811
    page.goto(f"{site.home}report/{richest(explored)}")
    for pane in ("#clean", "#raw"):
        mark = page.locator(f"{pane} .activity").first
        mark.click()
        assert page.locator("#records .here").get_attribute("id") in mark.get_attribute("data-ids").split()
    page.keyboard.press("e")
    assert "show-edits" in page.locator("body").get_attribute("class")
    picture(page, "explore-report")
    assert page.problems == []


def test_corrections_by_keyboard_reach_the_file_and_a_second_tab(site, page, explored):  # noqa: F811
    address = f"{site.home}report/{rows(explored, 'activities')[0]['report_id']}"
    page.goto(address)
    page.locator("#records .record.activity").first.click()
    chosen = page.locator("#records .here")
    name = chosen.get_attribute("id")
    page.keyboard.press("x")
    page.locator(f"#{name}.said-reject").wait_for()
    second = page.context.new_page()
    second.goto(address)
    assert second.locator(f"#{name}.said-reject").count() == 1
    page.keyboard.press("u")
    page.locator(f"#{name}:not(.said-reject)").wait_for()
    second.reload()
    assert second.locator(f"#{name}.said-reject").count() == 0
    chosen.locator('[data-field="type"]').select_option("tour")
    page.locator(f"#{name}.said-change").wait_for()
    lines = site.corrections.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    assert '"type": "tour"' in lines[0]
    assert page.problems == []


@pytest.mark.parametrize(("key", "label"), [("i", "activity"), ("o", "organization"), ("d", "time")])
def test_selected_words_become_a_record(site, page, explored, key, label):  # noqa: F811
    report = rows(explored, "reports")[0]
    page.goto(f"{site.home}report/{report['report_id']}")
    page.evaluate("""() => {
        const range = document.createRange();
        const walker = document.createTreeWalker(document.querySelector("#clean"), NodeFilter.SHOW_TEXT);
        let node = walker.nextNode();
        while (node.length < 8) node = walker.nextNode();
        range.setStart(node, 2);
        range.setEnd(node, 7);
        getSelection().removeAllRanges();
        getSelection().addRange(range);
    }""")
    words = page.evaluate("() => getSelection().toString()")
    page.keyboard.press(key)
    added = page.locator(f"#records .{label}.said-add")
    added.wait_for()
    assert added.locator("b").inner_text().strip() == words
    start, end = (int(added.get_attribute(f"data-{name}")) for name in ("start", "end"))
    assert report["text"][start:end] == words
    added.locator("b").click()
    page.keyboard.press("u")
    added.wait_for(state="detached")
    assert page.problems == []


def test_a_time_gets_another_value_by_keyboard(site, page, explored):  # noqa: F811
    time = rows(explored, "times")[0]
    page.goto(f"{site.home}report/{time['report_id']}#{time['time_id']}")
    page.locator("#records .here.time").wait_for()
    page.keyboard.press("v")
    page.keyboard.press("Control+a")
    page.keyboard.type("2012-04")
    page.keyboard.press("Enter")
    page.locator(f"#{time['time_id']}.said-change").wait_for()
    page.reload()
    assert page.locator(f"#{time['time_id']} input").input_value() == "2012-04"
    assert page.problems == []


def test_review_goes_from_one_doubtful_record_to_the_next(site, page):
    page.goto(f"{site.home}review?label=activity")
    seen = []
    for key in ("a", "x", "n"):
        seen.append(page.locator("article.review").get_attribute("id"))
        picture(page, "explore-review")
        page.keyboard.press(key)
        page.wait_for_function("id => document.querySelector('article.review')?.id !== id", arg=seen[-1])
    assert len({*seen, page.locator("article.review").get_attribute("id")}) == 4
    assert len(site.corrections.read_text(encoding="utf-8").splitlines()) == 2
    assert page.problems == []


def test_every_page_loads_without_an_error(site, page, explored):  # noqa: F811
    passage = max((row for row in rows(explored, "passages") if row["slots"]), key=lambda row: row["n_reports"])
    paths = {
        "calendar": "explore-calendar", "templates": "", f"template/{passage['passage_id']}": "explore-template", "organizations": "",
        f"report/{richest(explored)}/chart": "explore-chart", "findings": "", "corrections": "",
    }  # fmt: skip
    for path, name in paths.items():
        page.goto(site.home + path)
        if name:
            picture(page, name)
    if IMAGES:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto((explored / "report.html").as_uri())
            picture(page, f"report-{scheme}")
    assert page.problems == []


def test_nothing_of_a_hostile_report_runs(hostile, page):  # noqa: F811
    site = Served(hostile)
    try:
        requests = []
        page.on("request", lambda request: requests.append(request.url))
        report = rows(hostile, "reports")[0]["report_id"]
        for path in ("", f"report/{report}", f"report/{report}/chart", "organizations", "review", "?q=%3Cscript%3Ealert(1)%3C/script%3E"):
            page.goto(site.home + path)
            page.keyboard.press("j")
        page.goto((hostile / "report.html").as_uri())
        assert page.problems == []
        assert all(url.startswith((site.home, "file://")) for url in requests)
    finally:
        site.stop()


def test_markup_that_slips_through_is_stopped_by_the_policy(site, page):
    page.goto(site.home)
    page.evaluate("() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s); }")
    assert page.evaluate("() => window.ran") is None


def test_a_wrong_token_shows_nothing(site, page):
    answer = page.goto(f"{site.host}/wrong/")
    assert answer.status == 403
    assert "报告" not in page.content()


def test_report_html_is_drawn_in_chinese_fonts_light_dark_and_on_paper(page, explored):  # noqa: F811
    papers = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto((explored / "report.html").as_uri())
        papers[scheme] = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert papers["light"] != papers["dark"]
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    page.evaluate("() => [...document.querySelectorAll('svg text')].find((t) => /[一-鿿]{2}/.test(t.textContent)).id = 'label'")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    label = tools.send("DOM.querySelector", {"nodeId": root, "selector": "#label"})["nodeId"]
    fonts = [font["familyName"] for font in tools.send("CSS.getPlatformFontsForNode", {"nodeId": label})["fonts"]]
    assert any("CJK" in font or "Han" in font or "Hei" in font or "Song" in font for font in fonts), f"{fonts} draw no Chinese"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.pdf(format="A4", print_background=True).count(b"/Type /Page\n") > 1
    assert page.problems == []
