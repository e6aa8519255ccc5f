"""Tests of the genre: what is counted, and how a page's reports are decided."""

import numpy as np
import pytest

from baogao.classify.genre import NUMBER, GenreModel, Piece, genre_features, shared_words
from baogao.errors import BaogaoError

NOTHING = Piece(None, "", ())


def model(**probabilities: float) -> GenreModel:
    """A model that gives every report these probabilities."""
    n = len(genre_features(NOTHING, ()))
    intercept = np.log(np.array(list(probabilities.values())))
    return GenreModel(tuple(probabilities), (), np.zeros(n), np.ones(n), np.zeros((n, len(probabilities))), intercept)


@pytest.mark.parametrize(
    "probabilities, genre",
    [
        ({"plan": 0.37, "scheme": 0.11, "briefing": 0.30, "summary": 0.22}, "briefing"),  # looks back: 0.52
        ({"plan": 0.37, "scheme": 0.16, "briefing": 0.30, "summary": 0.17}, "plan"),  # looks ahead: 0.53
        ({"plan": 0.30, "scheme": 0.25, "briefing": 0.40, "summary": 0.05}, "plan"),  # though briefing is likelier than plan
        ({"other": 0.6, "plan": 0.4}, "other"),
    ],
)
def test_first_is_decided_whether_a_report_looks_ahead(probabilities, genre):
    ((told, score),) = model(**probabilities).predict_page([NOTHING])
    assert told == genre
    assert score == pytest.approx(probabilities[genre])


def test_others_of_a_page_weigh_more_the_more_they_are():
    scores = [model(summary=0.7, briefing=0.3).predict_page([NOTHING] * n)[0][1] for n in (1, 2, 20)]
    assert scores[0] == pytest.approx(0.7)
    assert scores[0] < scores[1] < scores[2] < 0.8


def test_shared_words_are_those_of_many_texts_and_numbers_count_as_one():
    texts = [("了", "社区", "3"), ("了", "学校", "xx"), ("了", "医院", "2011"), ("了", "村", "**")] * 3
    assert shared_words(texts) == [NUMBER, "了", "医院", "学校", "村", "社区"]
    assert shared_words([*texts, *[("了", str(i), f"词{i}") for i in range(20)]]) == [NUMBER, "了"]


def test_a_word_counts_by_its_share_of_the_tokens():
    few, many = (genre_features(Piece(None, "", ("了",) * n + ("他",) * (100 - n)), ("了", "曾"))[-2:] for n in (4, 16))
    assert few == pytest.approx([2.0, 0.0])
    assert many == pytest.approx([4.0, 0.0])


def test_a_model_of_an_earlier_version_says_what_to_do():
    with pytest.raises(BaogaoError, match="baogao train --only genre"):
        GenreModel.from_fitted({"scaler": None, "estimator": None})
