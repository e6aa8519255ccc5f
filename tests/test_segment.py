"""The compiled segmentation gives jieba's own tokens."""

import json

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baogao.language.segment import Segmenter, read_user_words
from helpers import ROOT, shared_path

ALPHABET = "ab-._%+#&0139AZ社区科普工作年月日我们卫生大的在和了三五二一组织领导小组书记，。 \n\u3400\u9fd6\uf900㎡①Ⅲé"
SEGMENTER = Segmenter()


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    tokenizer = jieba.Tokenizer()
    tokenizer.cache_file = str(tmp_path_factory.mktemp("jieba") / "cache")
    tokenizer.initialize()
    return tokenizer


@settings(max_examples=500, deadline=None)
@given(text=st.text(ALPHABET, max_size=30))
def test_tokens_are_jiebas_on_any_mixture(reference, text):
    assert SEGMENTER.cut(text) == reference.lcut(text)


def test_tokens_are_jiebas_on_the_corpus(reference):
    for path in sorted((ROOT / "corpus" / "reports").glob("*/*.txt")):
        text = path.read_text(encoding="utf-8").split("----\n")[1]
        assert SEGMENTER.cut(text) == reference.lcut(text), path.name


def test_tokens_are_jiebas_on_the_shared_texts(reference):
    texts = [path.read_text(encoding="utf-8") for path in sorted(shared_path("seeds").glob("*.txt"))]
    lines = shared_path("govreports", "wikisource.jsonl").read_text(encoding="utf-8").splitlines()
    texts += [json.loads(line)["content"] for line in lines[::8]]
    for text in texts:
        assert SEGMENTER.cut(text) == reference.lcut(text), text[:30]


def test_a_user_dictionary_changes_the_tokens_as_it_does_jiebas(reference, tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("双百对接 10 n\n昌平诗社\n楼门组长 3\n", encoding="utf-8")
    tokenizer = jieba.Tokenizer()
    tokenizer.cache_file = reference.cache_file
    tokenizer.load_userdict(str(path))
    text = "落实双百对接工程，昌平诗社和楼门组长参加。"
    assert "双百对接" in tokenizer.lcut(text)
    assert Segmenter(read_user_words(path)).cut(text) == tokenizer.lcut(text)


def test_a_broken_line_of_a_user_dictionary_is_named(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("好\n坏 的 一 行\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_user_words(path)
