"""Files as editors leave them: which bytes are a text."""

import re

CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decoded(data: bytes) -> str | None:
    """The text: UTF-8, UTF-16 with its mark, or what old editors on Windows write; None for what is none."""
    encodings = ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and (encoding == "utf-8-sig" or not CONTROL.search(text)):
            return text
    return None
