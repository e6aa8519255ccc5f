"""The calendar file: consistent in itself and with the lunar calendar."""

import datetime
import os
import re
import subprocess
import sys

import pytest

from baogao.extract.times import find_times
from baogao.extract.times.calendar import FIRST_YEAR, LAST_YEAR, calendar_config, calendar_day, lunar_day_in_year

ENTRIES = [entry for section in ("festivals", "named") for entry in calendar_config()[section]]


def test_every_entry_has_names_one_date_and_a_source():
    for entry in ENTRIES:
        assert len({"date", "span", "month", "lunar"} & entry.keys()) == 1, entry
        assert entry["source"], entry
        assert "rule" in entry or "month" not in entry or entry["names"][0].endswith(("月", "年")), entry


def test_no_name_stands_twice():
    names = [name for entry in ENTRIES for name in entry["names"]]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["names"][0])
def test_every_name_is_found_alone_in_a_text(entry):
    for name in entry["names"]:
        found = [time for time in find_times(f"社区结合{name}，开展宣传。") if name.endswith(time.text) or time.text.endswith(name)]
        assert [time.kind for time in found] == [calendar_day(name).kind], name


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["names"][0])
def test_every_date_is_one(entry):
    for date in re.findall(r"\d\d-\d\d", f"{entry.get('date', '')} {entry.get('span', '')}"):
        datetime.date.fromisoformat(f"2012-{date}")
    assert 1 <= entry.get("month", 1) <= 12


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if "lunar" in entry], ids=lambda entry: entry["names"][0])
def test_months_of_a_lunar_festival_hold_every_year(entry):
    month, day = (int(number) for number in entry["lunar"].split("-"))
    found = {civil.month for year in range(FIRST_YEAR, LAST_YEAR + 1) if (civil := lunar_day_in_year(month, day, year))}
    assert found <= set(entry["months"])


@pytest.mark.parametrize(
    ("name", "year", "date"),
    [
        ("春节", 2012, "2012-01-23"),
        ("春节", 2015, "2015-02-19"),
        ("元宵节", 2013, "2013-02-24"),
        ("端午节", 2014, "2014-06-02"),
        ("七夕", 2011, "2011-08-06"),
        ("中秋节", 2009, "2009-10-03"),
        ("中秋节", 2020, "2020-10-01"),
        ("重阳节", 2012, "2012-10-23"),
        ("除夕", 2008, "2008-02-06"),
        ("小年", 2017, "2017-01-20"),
    ],
)
def test_lunar_festivals_fall_on_the_days_of_the_almanac(name, year, date):
    month, day = calendar_day(name).lunar
    assert lunar_day_in_year(month, day, year).isoformat() == date


def test_results_do_not_depend_on_the_hash_seed():
    text = "20xx年春节、“三八”维权周和12·4法制宣传日，每月逢五，3、6、9月"
    script = f"from baogao.extract.times import find_times; print(find_times({text!r}))"
    path = os.pathsep.join(sys.path)
    printed = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        printed.add(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, env=environment).stdout)
    assert len(printed) == 1
