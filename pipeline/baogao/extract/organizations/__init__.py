"""Organizations of a report's clean text: units with their roles, holders and sizes."""
