"""Language: words, sentences, clauses."""
