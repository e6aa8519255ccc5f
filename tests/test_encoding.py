"""The ladder from bytes to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao.read.encoding import decode, plausibility

TEXT = "2013年，社区开展了科普活动，居民踊跃参加，收到了良好的效果。"
TRADITIONAL = "社區開展了科普活動，居民踴躍參加，收到了良好的效果。"


@pytest.mark.parametrize(
    ("data", "header", "used", "basis"),
    [
        (TEXT.encode("utf-8-sig"), None, "utf-8", "bom"),
        (TEXT.encode("utf-16"), None, "utf-16-le", "bom"),
        (TEXT.encode("utf-16-le"), None, "utf-16-le", "detected"),
        (TEXT.encode("utf-16-be"), None, "utf-16-be", "detected"),
        (TEXT.encode(), None, "utf-8", "utf-8"),
        (TEXT.encode(), "gb2312", "utf-8", "utf-8"),
        (TEXT.encode("gbk"), "gb2312", "gb18030", "header"),
        (TEXT.encode("gbk"), None, "gb18030", "gb18030"),
        (TEXT.encode("gbk"), "utf-8", "gb18030", "gb18030"),
        (TRADITIONAL.encode("big5"), "big5", "big5hkscs", "header"),
        (TRADITIONAL.encode("big5"), None, "big5hkscs", "detected"),
        (TRADITIONAL.encode("big5"), "gb2312", "big5hkscs", "detected"),
        (TRADITIONAL.encode("gbk"), "big5", "gb18030", "gb18030"),
        (b"plain ASCII", None, "utf-8", "utf-8"),
    ],
)
def test_the_first_rung_that_holds_decodes(data, header, used, basis):
    decoded = decode(data, header=header)
    assert (decoded.used, decoded.basis, decoded.replaced) == (used, basis, 0)
    assert decoded.text in (TEXT, TRADITIONAL, "plain ASCII")


def test_a_meta_tag_counts_only_in_markup():
    data = b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312">' + TEXT.encode("gbk")
    assert decode(data, markup=True).basis == "meta"
    assert decode(data, markup=True).declared == "gb2312"
    assert decode(data).declared is None


def test_gbk_is_decoded_as_its_superset():
    assert decode("镕㐂".encode("gb18030") + TEXT.encode("gbk"), header="gb2312").text == "镕㐂" + TEXT


@pytest.mark.parametrize("name", ["hex", "zip", "utf-7", "rot13", "unicode_escape", "idna", "nonsense", ""])
def test_a_page_cannot_choose_a_codec_that_is_no_encoding(name):
    assert decode(TEXT.encode("gbk"), header=name).text == TEXT


def test_damaged_bytes_are_counted_and_the_rest_is_read():
    data = TEXT.encode() + b"\xff\xfe" + TEXT.encode()
    decoded = decode(data)
    assert (decoded.used, decoded.replaced) == ("utf-8", 2)
    assert decoded.text.replace("\ufffd", "") == TEXT * 2


def test_a_text_cut_inside_its_last_character_is_valid():
    assert decode(TEXT.encode()[:-1]).text == TEXT[:-1]
    assert decode(TEXT.encode("gbk")[:-1]).text == TEXT[:-1]


def test_valid_utf8_of_other_scripts_stays_utf8():
    text = "Café, naïve, façade, über, Ångström, žluťoučký kůň"
    assert decode(text.encode()).text == text


def test_plausibility_tells_a_text_from_its_misreading():
    assert plausibility(TRADITIONAL) == 1.0
    assert plausibility(TRADITIONAL.encode("big5").decode("gb18030", "replace")) < 0.75
    assert plausibility("") == 1.0


@given(st.binary(max_size=400), st.sampled_from([None, "gb2312", "utf-8", "big5", "utf-16", "hz", "euc-kr"]), st.booleans())
def test_any_bytes_decode_to_text_without_surrogates(data, header, markup):
    decoded = decode(data, header=header, markup=markup)
    decoded.text.encode("utf-8")
    assert decoded.replaced <= len(decoded.text)
