"""Collecting an archive: polite crawling of the sites that profiles describe, kept as WARC."""
