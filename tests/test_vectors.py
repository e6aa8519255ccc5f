"""Word vectors: which word of the table stands for a token, and that a span's row does not depend on what else is in the text."""

import numpy as np
import pytest

from baogao.classify.features import HashedText, edges, hash_words
from baogao.classify.grammar import next_verbs
from baogao.classify.vectors import meaning, vectors_of_words, word_numbers


def hashed(*tokens):
    starts = np.cumsum([0, *map(len, tokens)])[:-1]
    return HashedText("".join(tokens), starts)


def cosine(a, b):
    x, y = vectors_of_words([a, b])
    return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))


@pytest.mark.parametrize(("near", "word", "far"), [("播放", "放映", "清理"), ("医生", "护士", "道路"), ("学校", "中学", "垃圾")])
def test_words_of_like_meaning_are_nearer_than_others(near, word, far):
    assert cosine(word, near) > cosine(word, far)


@pytest.mark.parametrize(
    ("token", "read_as"), [("放映", "放映"), ("科普大讲堂", "讲堂"), ("宣传栏里", "宣传栏"), ("2013", None), ("，", None), ("〇〇", None)]
)
def test_a_token_without_a_vector_has_that_of_its_longest_known_tail_or_beginning(token, read_as):
    wanted = word_numbers(hashed(read_as))[0] if read_as else -1
    assert word_numbers(hashed("社区", token))[1] == wanted


def test_a_row_is_the_same_whatever_stands_around():
    tokens = ["社区", "组织", "党员", "观看", "电影"]
    alone, between = hashed(*tokens), hashed("每周", *tokens, "3", "场")
    rows = []
    for text, start in ((alone, 0), (between, 2)):
        symbols = np.zeros(len(text.token_starts), np.int64)
        assert len(next_verbs(symbols)) == len(symbols) + 1
        rows.append(meaning(text, symbols, edges([(start, start + 10)])).toarray())
    assert rows[0].tobytes() == rows[1].tobytes()


def test_hashes_of_words_are_those_of_tokens():
    assert hash_words(["观看"])[0] == hashed("观看").tokens[0]
