"""What a researcher looks at: the report of a run."""
