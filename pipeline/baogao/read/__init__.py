"""Reading: any archive to pages with raw text and blocks."""
