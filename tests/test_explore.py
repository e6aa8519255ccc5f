"""`baogao explore`: what its pages show, and what they refuse."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from html.parser import HTMLParser

import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient

from baogao.explore.align import side_by_side, use_rows
from baogao.explore.app import make_app
from baogao.explore.correct import CorrectionFile, make_line
from baogao.explore.index import build_index
from baogao.explore.search import Query, read_query
from baogao.explore.store import Store
from baogao.run.output import Output
from baogao.run.runner import RunOptions, run
from baogao.settings import Settings
from baogao.text import EditedText
from helpers import ROOT

TOKEN = "t0ken"
HOSTILE = """<script>alert(1)</script>社区2013年工作总结
我社区在街道的领导下开展了各项工作，现将2013年工作总结如下：
一、加强领导，健全机制
社区成立了由书记<img src=x onerror=alert(2)>任组长、主任任副组长、各网格员为成员的"><script>alert(3)</script>环境整治领导小组。
二、开展活动
3月5日，社区组织党员志愿者清扫背街小巷javascript:alert(4)，参加人员80余人。5月举办健康知识讲座2场。
柳荫社区
2013年12月20日
"""


def served(out):
    """A client of the application over an output folder."""
    output = Output(out)
    store = Store(build_index(output.dataset, output.work / "explore", lambda words: None))
    return TestClient(make_app(store, CorrectionFile(output.corrections, output.work / "lock2"), TOKEN))


@pytest.fixture(scope="session")
def explored(demo_out, tmp_path_factory):
    """A copy of the demo's output folder, with its index."""
    out = tmp_path_factory.mktemp("explored") / "out"
    shutil.copytree(demo_out, out)
    return out


@pytest.fixture
def client(explored):
    (explored / "corrections.jsonl").unlink(missing_ok=True)
    return served(explored)


def rows(out, table):
    return pq.read_table(out / "dataset" / table).to_pylist()


def text_of(html):
    """A page's text without its tags."""

    class Text(HTMLParser):
        said = ""

        def handle_data(self, data):
            self.said += data

    parser = Text()
    parser.feed(html)
    return parser.said


def hits(page):
    return re.findall(r'<h2><a href="/t0ken/report/(r[0-9a-f]+)"', page)


@pytest.mark.parametrize("words", ["科普", "讲座", "志愿者", "社", "科普 讲座", "义诊活动", "2013年", "社区科普工作", "居"])
def test_search_finds_just_the_reports_that_hold_all_words(client, explored, words):
    expected = {row["report_id"] for row in rows(explored, "reports") if all(word in row["text"].lower() for word in words.split())}
    found = set()
    for page in range(1, 5):
        answer = client.get(f"/{TOKEN}/", params={"q": words, "p": page}).text
        found |= set(hits(answer))
        assert re.search(r"<b>(\d+)</b> reports?", answer).group(1) == str(len(expected))
    assert found == expected


def test_traditional_words_and_excluded_words(client, explored):
    expected = {row["report_id"] for row in rows(explored, "reports") if "讲座" in row["text"] and "科普" not in row["text"]}
    assert set(hits(client.get(f"/{TOKEN}/", params={"q": "講座 -科普"}).text)) == expected
    assert read_query({"q": "  ", "month": "x", "from": "99999"}) == Query()


def test_filters_narrow_the_list(client, explored):
    lectures = {row["report_id"] for row in rows(explored, "activities") if row["type"] == "lecture"}
    expected = {
        row["report_id"] for row in rows(explored, "reports")
        if row["genre"] == "summary" and row["report_id"] in lectures and row["year_max"] and row["year_max"] >= 2010
    }  # fmt: skip
    assert expected
    assert set(hits(client.get(f"/{TOKEN}/", params={"genre": "summary", "type": "lecture", "from": "2010"}).text)) == expected


def test_a_report_shows_both_texts_and_every_record_linked_both_ways(client, explored):
    activities = rows(explored, "activities")
    report = next(row for row in rows(explored, "reports") if any(a["report_id"] == row["report_id"] for a in activities))
    page = client.get(f"/{TOKEN}/report/{report['report_id']}").text
    raw, clean = page.split('<div id="clean"')
    own = [activity for activity in activities if activity["report_id"] == report["report_id"]]
    for activity in own:
        mark = rf'data-ids="[^"]*{activity["activity_id"]}'
        assert re.search(mark, raw)
        assert re.search(mark, clean)
        assert f'<li id="{activity["activity_id"]}"' in page
    shown = text_of('<div id="clean"' + clean.split("</section>")[0])
    assert shown.strip() == report["text"].strip()


PAGES = (
    "calendar", "organizations", "templates", "findings", "review", "corrections", "calendar?month=5&year=2013", "calendar?month=13",
    "?p=999999", "findings?kind=no", "templates?kind=copied&q=活动",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers(client, path):
    assert client.get(f"/{TOKEN}/{path}").status_code == 200


def test_a_template_puts_its_uses_side_by_side(client, explored):
    passage = max((row for row in rows(explored, "passages") if row["slots"]), key=lambda row: row["n_reports"])
    page = client.get(f"/{TOKEN}/template/{passage['passage_id']}").text
    for use in rows(explored, "passage_uses"):
        if use["passage_id"] == passage["passage_id"]:
            assert all(value["value"].strip()[:10] in text_of(page) for value in use["slot_values"])


def test_uses_stand_opposite_each_other_also_where_one_has_a_line_more():
    a = use_rows("一月在柳荫讲课。二月放电影。", 0, [{"slot": "place1", "start": 3, "end": 5}], {"place1": "place"})
    b = use_rows(
        "一月在梧桐里讲课。大家都来了，很是热闹。二月放电影。", 5, [{"slot": "place1", "start": 8, "end": 11}], {"place1": "place"}
    )
    table = [["".join(text for text, _, _ in cell) for cell in row] for row in side_by_side([a, b])]
    assert table == [["一月在柳荫讲课。", "一月在梧桐里讲课。"], ["", "大家都来了，很是热闹。"], ["二月放电影。", "二月放电影。"]]


def test_the_chart_holds_units_and_holders(client, explored):
    role = next(row for row in rows(explored, "roles") if row["holder"])
    page = text_of(client.get(f"/{TOKEN}/report/{role['report_id']}/chart").text)
    unit = next(row for row in rows(explored, "organizations") if row["organization_id"] == role["organization_id"])
    assert unit["unit"] in page
    assert role["holder"] in page


@pytest.mark.parametrize("address", ["/", "/wrong/", "/t0ke/", "//", "/wrong/report/x", "/wrong/static/explore.js", "/t0ken../"])
def test_without_the_token_there_is_nothing(client, address):
    answer = client.get(address)
    assert answer.status_code == 403
    assert TOKEN not in answer.text


def test_another_host_or_origin_is_refused(client):
    assert client.get(f"/{TOKEN}/", headers={"host": "evil.example"}).status_code == 403
    assert client.post(f"/{TOKEN}/correct", json={}, headers={"origin": "http://evil.example"}).status_code == 403


@pytest.mark.parametrize("path", ["static/../app.py", "static/%2e%2e/app.py", "static/..%2fapp.py", "static/app.py", "report/..%2f..%2fx",
                                  "report/' OR 1=1 --", "template/x", "nothing"])  # fmt: skip
def test_no_path_leads_elsewhere(client, path):
    assert client.get(f"/{TOKEN}/{path}").status_code in (403, 404)


def test_every_answer_has_a_policy_that_runs_nothing_of_the_page(client):
    for path in (f"/{TOKEN}/", f"/{TOKEN}/static/explore.js", "/wrong/", f"/{TOKEN}/nothing"):
        headers = client.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.fixture
def hostile(tmp_path):
    (tmp_path / "page.txt").write_text(HOSTILE, encoding="utf-8")
    run([tmp_path / "page.txt"], tmp_path / "out", Settings(), RunOptions(workers=1, quiet=True))
    return tmp_path / "out"


def test_markup_in_a_report_is_shown_as_text(hostile):
    client = served(hostile)
    report = rows(hostile, "reports")[0]["report_id"]
    for path in ("", f"report/{report}", f"report/{report}/chart", "organizations", "review", "?q=<script>alert(1)</script>"):
        page = client.get(f"/{TOKEN}/{path}").text
        assert "<img" not in page
        assert re.findall(r"<script[^>]*>", page) == [f'<script src="/{TOKEN}/static/explore.js" defer>']
        assert not re.search(r"<[^>]*\son\w+=", page)
        assert not re.search(r"<[^>]*\sstyle=", page)


def send(client, **said):
    return client.post(f"/{TOKEN}/correct", json=said)


def correction(activity, action, **more):
    return {
        "label": "activity", "action": action, "report_id": activity["report_id"], "start": activity["start"], "end": activity["end"],
        "was": [activity["raw_start"], activity["raw_end"]], "type": activity["type"], "status": activity["status"], **more,
    }  # fmt: skip


def test_a_correction_is_written_shown_and_taken_back(client, explored):
    activity = rows(explored, "activities")[0]
    assert send(client, **correction(activity, "reject")).json() == {"written": True}
    line = json.loads((explored / "corrections.jsonl").read_text(encoding="utf-8"))
    page = next(row for row in rows(explored, "pages") if row["sha256"] == line["sha256"])
    raw = next(row["raw"] for row in rows(explored, "texts") if row["page_id"] == page["page_id"])
    assert line["quote"] == raw[activity["raw_start"] : activity["raw_end"]]
    address = f"/{TOKEN}/report/{activity['report_id']}"
    assert f'<li id="{activity["activity_id"]}" class="record activity said-reject"' in client.get(address).text
    assert send(client, **correction(activity, "change", type="tour")).json() == {"written": True}
    assert len((explored / "corrections.jsonl").read_text(encoding="utf-8").splitlines()) == 1
    assert send(client, **correction(activity, "undo")).json() == {"undone": True}
    assert (explored / "corrections.jsonl").read_text(encoding="utf-8") == ""


def test_two_windows_see_each_other(explored, client):
    first, second = client, served(explored)
    a, b = rows(explored, "activities")[:2]
    assert send(first, **correction(a, "accept")).status_code == 200
    assert send(second, **correction(b, "reject")).status_code == 200
    assert "<b>2</b> in <code>corrections.jsonl" in first.get(f"/{TOKEN}/corrections").text


@pytest.mark.parametrize(("change", "code"), [
    ({"type": "party"}, 400), ({"label": "no"}, 400), ({"action": "drop"}, 400), ({"start": -1}, 400), ({"end": 10**9}, 400),
    ({"report_id": "r0"}, 404), ({"start": None}, 400), ({"was": "ab"}, 400), ({"pad": "x" * 200_000}, 413),
])  # fmt: skip
def test_what_is_no_correction_is_not_written(client, explored, change, code):
    activity = rows(explored, "activities")[0]
    assert send(client, **{**correction(activity, "accept"), **change}).status_code == code
    assert not (explored / "corrections.jsonl").exists()


@pytest.mark.parametrize(
    ("words", "label", "read"),
    [
        ("三个科普工作领导小组", "organization", {"kind": "leading_group"}), ("老年合唱团", "organization", {"kind": "team"}),
        ("三八妇女节", "time", {"kind": "festival", "value": "XXXX-03-08"}), ("那几天", "time", {"kind": "date"}),
    ],
)  # fmt: skip
def test_added_words_are_read_by_the_rules_unless_a_kind_is_given(words, label, read):
    report = {"report_id": "r1", "title": None, "genre": "summary"}
    said = {"label": label, "action": "add", "start": 0, "end": len(words), "unit": words, "status": "existing"}
    line = make_line(report, "00", EditedText(words), said)
    assert {key: line[key] for key in ("kind", "value") if key in line} == read
    other = {"organization": "network", "time": "span"}[label]
    assert make_line(report, "00", EditedText(words), {**said, "kind": other, "value": ""})["kind"] == other


def test_a_form_of_another_site_cannot_correct(client):
    answer = client.post(f"/{TOKEN}/correct", content="{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


def test_review_begins_with_the_most_doubtful_and_skips_what_was_said(client, explored):
    page = client.get(f"/{TOKEN}/review", params={"label": "activity"}).text
    first = re.search(
        r'<article class="review record" id="(\w+)" data-report="(\w+)".*?data-start="(\d+)" data-end="(\d+)"', page, re.DOTALL
    )
    scores = [abs(row["score"] - 0.5) for row in rows(explored, "activities")]
    scores += [abs(row["probability"] - 0.5) for row in rows(explored, "candidates") if not row["accepted"]]
    shown = float(re.search(r"probability (\d\.\d\d)", page).group(1))
    assert abs(shown - 0.5) <= min(scores) + 0.01
    said = {"label": "activity", "action": "reject", "report_id": first[2], "start": int(first[3]), "end": int(first[4])}
    assert send(client, **said).status_code == 200
    assert first[1] not in client.get(f"/{TOKEN}/review", params={"label": "activity"}).text


def test_the_next_run_applies_what_was_said(tmp_path):
    """Accept, reject, change type and span, add; in the records of the next run, and nowhere else."""
    source, out = ROOT / "corpus" / "demo" / "www.moxiangck.example", tmp_path / "out"
    run([source], out, Settings(), RunOptions(workers=1, quiet=True))
    before = rows(out, "activities")
    units = rows(out, "organizations")
    client = served(out)
    accepted, rejected, changed, longer = before[0], before[3], before[6], before[9]
    report = next(row for row in rows(out, "reports") if row["report_id"] == accepted["report_id"])
    taken = [(a["report_id"], a["start"], a["end"]) for a in before]
    free = next(
        s for s in rows(out, "sentences")
        if not any(report_id == s["report_id"] and start < s["end"] and end > s["start"] for report_id, start, end in taken)
    )  # fmt: skip
    assert send(client, **correction(accepted, "accept")).status_code == 200
    assert send(client, **correction(rejected, "reject")).status_code == 200
    assert send(client, **correction(changed, "change", type="tour", status="planned")).status_code == 200
    assert send(client, **correction(longer, "change", end=longer["end"] - 1)).status_code == 200
    new = {"report_id": free["report_id"], "start": free["start"], "end": free["end"], "type": "mediation", "status": "routine"}
    assert send(client, label="activity", action="add", **new).status_code == 200
    unit = {"report_id": units[0]["report_id"], "start": units[0]["start"], "end": units[0]["end"], "unit": units[0]["unit"]}
    was = [units[0]["raw_start"], units[0]["raw_end"]]
    assert send(client, label="organization", action="reject", was=was, kind="team", status="planned", **unit).status_code == 200
    longer_unit = next(u for u in units[1:] if u["report_id"] != report["report_id"] and u["end"] - u["start"] > 4)
    said = {key: longer_unit[key] for key in ("report_id", "start", "unit")} | {"kind": "network", "status": "planned"}
    was = [longer_unit["raw_start"], longer_unit["raw_end"]]
    assert send(client, label="organization", action="change", was=was, end=longer_unit["end"] - 1, **said).status_code == 200
    club = {"report_id": free["report_id"], "start": free["start"], "end": free["start"] + 4, "unit": free["text"][:4]}
    assert send(client, label="organization", action="add", kind="team", status="existing", **club).status_code == 200
    times = [row for row in rows(out, "times") if row["report_id"] != report["report_id"]]
    said = {key: times[0][key] for key in ("report_id", "start", "end", "kind")} | {"was": [times[0]["raw_start"], times[0]["raw_end"]]}
    assert send(client, label="time", action="reject", **said).status_code == 200
    said = {key: times[1][key] for key in ("report_id", "start", "end")} | {"was": [times[1]["raw_start"], times[1]["raw_end"]]}
    assert send(client, label="time", action="change", kind="span", value="2011-03/2011-05", **said).status_code == 200
    assert send(client, label="time", action="change", kind="span", value="last spring", **said).status_code == 400
    genre = {"report_id": report["report_id"], "start": 0, "end": report["n_chars"], "value": "briefing"}
    assert send(client, label="genre", action="change", **genre).status_code == 200

    run([source], out, Settings(), RunOptions(workers=1, quiet=True))
    after = {row["activity_id"]: row for row in rows(out, "activities")}
    assert after[accepted["activity_id"]]["checked"] == "accepted"
    assert rejected["activity_id"] not in after
    assert (after[changed["activity_id"]]["type"], after[changed["activity_id"]]["status"]) == ("tour", "planned")
    moved = [row for row in after.values() if (row["report_id"], row["start"]) == (longer["report_id"], longer["start"])]
    assert [(row["end"], row["checked"]) for row in moved] == [(longer["end"] - 1, "changed")]
    added = [row for row in after.values() if row["checked"] == "added"]
    assert [(row["text"], row["type"], row["status"]) for row in added] == [(free["text"], "mediation", "routine")]
    assert {row["activity_id"] for row in rows(out, "months")} == set(after)
    assert units[0]["organization_id"] not in {row["organization_id"] for row in rows(out, "organizations")}
    units_after = {(row["report_id"], row["start"], row["unit"]): row for row in rows(out, "organizations")}
    shorter = units_after[longer_unit["report_id"], longer_unit["start"], longer_unit["unit"]]
    assert (shorter["end"], shorter["kind"], shorter["status"], shorter["checked"]) == (
        longer_unit["end"] - 1,
        "network",
        "planned",
        "changed",
    )
    assert [row["unit"] for row in units_after.values() if row["checked"] == "added"] == [club["unit"]]
    times_after = {row["time_id"]: row for row in rows(out, "times")}
    assert times[0]["time_id"] not in times_after
    read = times_after[times[1]["time_id"]]
    assert (read["kind"], read["edtf"], read["months"], read["rule"]) == ("span", "2011-03/2011-05", [3, 4, 5], "correction")
    genres = {row["report_id"]: row["genre"] for row in rows(out, "reports")}
    assert genres[report["report_id"]] == "briefing"
    touched = {a["activity_id"] for a in (accepted, rejected, changed, longer)}
    touched |= {a["activity_id"] for a in before if a["time_id"] in (times[0]["time_id"], times[1]["time_id"])}
    same = ("name", "type", "edtf", "start", "end", "raw_start", "raw_end", "place")
    for row in before:
        if row["activity_id"] not in touched and row["report_id"] != report["report_id"]:
            assert {key: after[row["activity_id"]][key] for key in same} == {key: row[key] for key in same}


def test_what_was_said_can_be_learned_from(client, explored):
    from baogao.classify.corrections import read_corrections
    from baogao.language.segment import Segmenter

    activities = rows(explored, "activities")
    assert send(client, **correction(activities[0], "reject")).status_code == 200
    assert send(client, **correction(activities[1], "accept")).status_code == 200
    unit = rows(explored, "organizations")[0]
    said = {key: unit[key] for key in ("report_id", "start", "end", "unit", "kind", "status")}
    was = [unit["raw_start"], unit["raw_end"]]
    assert send(client, label="organization", action="accept", was=was, **said).status_code == 200
    time = rows(explored, "times")[0]
    said = {key: time[key] for key in ("report_id", "start", "end")}
    assert send(client, label="time", action="add", **said).status_code == 200
    examples = read_corrections(explored / "corrections.jsonl", Segmenter())
    learned = [act for example in examples["activity"] for act in example.report.activities]
    assert {act["quote"] for act in learned} == {activities[1]["text"]}
    judged = {span for example in examples["activity"] for span in example.judged}
    assert {(a["start"], a["end"]) for a in activities[:2]} <= judged


def test_the_command_prints_an_address_that_answers(explored):
    command = [sys.executable, "-m", "baogao", "explore", str(explored), "--no-browser"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")}) as process:
        try:
            address = next(line.strip() for line in process.stderr if line.startswith("http://127.0.0.1:"))
            assert len(address.split("/")[3]) >= 24
            with urllib.request.urlopen(address, timeout=30) as answer:
                assert "报告" in answer.read().decode()
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(address.rsplit("/", 2)[0] + "/", timeout=30)
        finally:
            process.terminate()


def test_a_folder_without_a_dataset_is_told(tmp_path):
    command = [sys.executable, "-m", "baogao", "explore", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT / "pipeline")})
    assert done.returncode == 2
    assert "no output folder of baogao run" in done.stderr
