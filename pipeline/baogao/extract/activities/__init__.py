"""Activities of a report's clean text: acts and their arguments."""
