"""HTML to raw text and blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baogao.read.html import read_html

TAGS = (
    "div",
    "p",
    "span",
    "b",
    "a",
    "br",
    "table",
    "tr",
    "td",
    "li",
    "ul",
    "h1",
    "script",
    "style",
    "pre",
    "textarea",
    "xmp",
    "svg",
    "template",
)
MARKUP = st.lists(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS])
    | st.sampled_from(
        [
            "社区",
            "工作 总结",
            "\n",
            "&nbsp;",
            "&lt;",
            "&#xD800;",
            "<!-- x",
            "-->",
            "<",
            ">",
            '"',
            "<p class='a1",
            "]]>",
            "\x00",
            "<![CDATA[",
        ]
    )
    | st.text(max_size=5),
    max_size=40,
).map("".join)


@pytest.mark.parametrize(
    ("markup", "raw"),
    [
        ("<p>社区</p><p>工作</p>", "社区\n工作\n"),
        ("<div>社区<p>工作</p>总结</div>", "社区\n工作\n总结\n"),
        ("社区<br>工作<br/><br>总结", "社区\n工作\n总结\n"),
        ("<p>社<b>区</b> <i>工</i>作</p>", "社区 工作\n"),
        ("<p>  社区\n  工作\t总结  </p>", "社区 工作 总结\n"),
        ("<table><tr><td>姓名</td><td>职务</td></tr><tr><td>王一</td></tr></table>", "姓名\t职务\n王一\n"),
        ("<pre>社区\n工作\n\n总结</pre>", "社区\n工作\n总结\n"),
        ('<div style="white-space: pre-wrap">社区\n工作</div>', "社区\n工作\n"),
        ("<p>a&lt;b&gt;&amp;c&nbsp;d</p>", "a<b>&c\xa0d\n"),
        ("<script>var a='<p>x</p>'</script><style>p{}</style><p>社区</p><noscript>y</noscript>", "社区\n"),
        ("<p>社区<span style='display:none'>防复制</span>工作</p>", "社区工作\n"),
        ("<p>社区<font style='font-size:0px;'>防复制</font>工作</p>", "社区工作\n"),
        ("<div style='display:none'>展开后可见</div><p>社区</p>", "展开后可见\n社区\n"),
        ('<p title="a>b">社区</p>', "社区\n"),
        ("<p>社区<!-- <p>x</p> -->工作</p>", "社区工作\n"),
        ("<p>社区", "社区\n"),
        ("</div></p>社区", "社区\n"),
        ("", ""),
    ],
)
def test_the_text_of_a_document_in_order_a_line_for_each_block(markup, raw):
    assert read_html(markup).raw == raw


def test_blocks_know_their_path_and_their_share_of_links():
    page = read_html("<div class='nav n1'><a href=x>首页</a><a href=y>新闻</a></div><div id='c12'><p>社区<a href=z>工作</a></p></div>")
    assert [(page.raw[b.start : b.end], b.path, b.link_share) for b in page.blocks] == [
        ("首页新闻", "/body/div.nav", 1.0),
        ("社区工作", "/body/div.c/p", 0.5),
    ]


@pytest.mark.parametrize(
    ("markup", "title", "url", "published"),
    [
        ("<title> 总结\n(八篇) </title><p>x", "总结 (八篇)", None, None),
        ("<!-- saved from url=(0023)http://www.a.cn/1.html --><p>x", None, "http://www.a.cn/1.html", None),
        ("<link rel=canonical href=https://www.a.cn/2.html><p>x", None, "https://www.a.cn/2.html", None),
        ("<meta property='og:url' content='http://www.a.cn/3.html'><p>x", None, "http://www.a.cn/3.html", None),
        ("<link rel=canonical href='/relative'><p>x", None, None, None),
        ("<link rel=canonical href='http://[bad'><p>x", None, None, None),
        ("<meta name=PubDate content='2013-1-5 08:00'><p>x", None, None, "2013-01-05"),
        ("<meta property='article:published_time' content='2013年12月20日'><p>x", None, None, "2013-12-20"),
    ],
)
def test_title_address_and_date_are_those_that_the_markup_states(markup, title, url, published):
    page = read_html(markup)
    assert (page.title, page.url, page.published) == (title, url, published)


def test_ten_thousand_nested_elements_are_read():
    page = read_html("<div class=a>" * 10_000 + "社区" + "</div>" * 10_000)
    assert page.raw == "社区\n"
    assert page.blocks[0].path.count("/") == 100


def test_a_page_in_one_line_is_read():
    assert len(read_html("<p>" + "社区工作" * 250_000).raw) == 1_000_001


@given(MARKUP)
def test_blocks_cover_all_that_is_not_white_space(markup):
    page = read_html(markup)
    page.raw.encode("utf-8")
    last, outside = 0, ""
    for block in page.blocks:
        text = page.raw[block.start : block.end]
        assert text == text.strip() != ""
        assert "\n" not in text
        assert 0.0 <= block.link_share <= 1.0
        outside += page.raw[last : block.start]
        last = block.end
    assert (outside + page.raw[last:]).strip() == ""
