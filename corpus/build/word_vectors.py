"""Word vectors for the activity models: `python corpus/build/word_vectors.py words.vector` writes models/words.npz.

The file is the word2vec binary in the PyPI package synonyms 3.10.2 (Hai Liang Wang, Hu Ying Xi: 中文近义词工具包Synonyms, 2017,
https://github.com/huyingxi/Synonyms; MIT licence, code and data), trained on the Chinese Wikipedia:

    pip download --no-deps --no-binary :all: synonyms==3.10.2 && tar -xzf synonyms-3.10.2.tar.gz
    python corpus/build/word_vectors.py synonyms-3.10.2/synonyms/data/words.vector

Kept are the words that jieba's dictionary has with some frequency, since no other token can occur. Their vectors are centred, turned
to their principal axes, cut to the first DIMENSIONS of these and rounded to a byte a number. docs/models.md describes the result.
"""

from __future__ import annotations

import argparse
from importlib import resources
from pathlib import Path

import numpy as np

DIMENSIONS = 64
LEAST_FREQUENCY = 10
"""Frequency in jieba's dictionary from which a word is kept; rarer ones are names for the most part."""
_STEPS = 127


def read_word2vec(path: Path) -> tuple[list[str], np.ndarray]:
    """Words and vectors (words x dimensions, float32) of a word2vec binary."""
    data = path.read_bytes()
    place = data.index(b"\n") + 1
    count, size = map(int, data[:place].split())
    words, vectors = [], np.empty((count, size), np.float32)
    for row in range(count):
        space = data.index(b" ", place)
        words.append(data[place:space].decode("utf-8", "replace").lstrip("\n"))
        place = space + 1 + 4 * size
        vectors[row] = np.frombuffer(data, "<f4", size, space + 1)
    return words, vectors


def frequencies() -> dict[str, int]:
    """Frequency of each word of jieba's dictionary."""
    lines = resources.files("jieba").joinpath("dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(frequency) for word, frequency, _ in (line.split(" ") for line in lines)}


def reduced(vectors: np.ndarray) -> np.ndarray:
    """Unit vectors, centred, on their DIMENSIONS first principal axes, as bytes (the longest coordinate of a row is _STEPS)."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    unit -= unit.mean(0)
    _, axes = np.linalg.eigh(np.cov(unit.T.astype(np.float64)))
    axes = axes[:, ::-1][:, :DIMENSIONS]
    axes *= np.sign(axes[np.abs(axes).argmax(0), np.arange(DIMENSIONS)])  # an axis has no sign of its own
    turned = unit @ axes
    result: np.ndarray = np.rint(turned / np.abs(turned).max(1, keepdims=True) * _STEPS).astype(np.int8)
    return result


def main() -> None:
    """Write models/words.npz."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path, help="words.vector of the package synonyms 3.10.2")
    words, vectors = read_word2vec(parser.parse_args().vectors)
    known = frequencies()
    chosen = sorted((word, row) for row, word in enumerate(words) if known.get(word, 0) >= LEAST_FREQUENCY)
    table = reduced(vectors[[row for _, row in chosen]])
    text = np.frombuffer("\n".join(word for word, _ in chosen).encode(), np.uint8)
    target = Path(__file__).parent.parent.parent / "models" / "words.npz"
    np.savez_compressed(target, words=text, vectors=table)
    print(f"{len(chosen)} words, {target.stat().st_size} bytes in {target}")


if __name__ == "__main__":
    main()
