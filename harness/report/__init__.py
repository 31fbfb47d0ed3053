"""The report in words: terminal, Markdown, JSON, JUnit, SARIF, HTML."""
