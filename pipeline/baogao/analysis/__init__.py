"""Tables that answer questions: panel, counts of words, samples for checking by hand and what they estimate, citations, releases."""
