"""Names and labels as people write them in Markdown: ticked, bold, quoted, spaced, in the plural or not."""

import re

IDENTIFIER = r"[^\W\d][\w$]*"
PATH = rf"{IDENTIFIER}(?:\.{IDENTIFIER})*"
"""An identifier, or several with dots: ``users``, ``auth.users``, ``users.id``."""

_LABEL = re.compile(
    r"^(?:\d+[.)]\s+)?(?:\*\*|__)(?P<bold>[^*\n]+?)(?:\*\*|__)\s*(?P<colon>[:\uff1a])?\s*(?P<rest>.*)$", re.DOTALL
)
_PLAIN_LABEL = re.compile(r"^[*_]?(?P<bold>[^\W\d][\w /&'()\-]{0,48}?)[:\uff1a][*_]?(?:\s+(?P<rest>.*))?$", re.DOTALL)
_NUMBER = re.compile(
    r"^\(?(?:\d+(?:\.\d+)*|[ivx]{1,4}|[a-z])[.):]\s+|^\d+(?:\.\d+)+\s+|^\d{1,2}\s*[-–—]\s+|^§?\d{1,2}\s+(?=\D)",
    re.IGNORECASE,
)
_EMOJI = re.compile(r"^[^\w(`\"'\[{]+", re.UNICODE)


def bare(text: str) -> str:
    """Text without ticks, bold and quotes around it."""
    return text.replace("**", "").replace("`", "").strip().strip("*").strip().strip("\"'“”").strip()


def unnumbered(text: str) -> str:
    """A heading's text without its number and pictures in front: ``1) users`` is ``users``."""
    text = _EMOJI.sub("", text.strip())
    return _EMOJI.sub("", _NUMBER.sub("", text, count=1)).strip()


def is_name(text: str) -> bool:
    """Whether this is one identifier, maybe with a namespace."""
    return re.fullmatch(PATH, text) is not None


def snake(text: str) -> str:
    """``Order Items`` as ``order_items``; an identifier as it is, a mere capital at its beginning made small."""
    text = text.strip()
    if re.fullmatch(rf"[A-Z][a-z0-9]*|{IDENTIFIER}(?:[ -]{IDENTIFIER})+", text):
        return re.sub(r"[ -]+", "_", text).lower()
    return text


def slug(text: str) -> str:
    """A short name made of a title: lower case, words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", text.lower().replace("_", "-")).strip("-")[:60].strip("-") or "untitled"


def folded(name: str) -> str:
    """A name for comparing, whatever its case, separators and number: ``POST_TAG`` and ``post_tags`` fold alike."""
    letters = re.sub(r"[\W_]+", "", name.lower())
    if letters.endswith("ies") and len(letters) > 4:
        return letters[:-3] + "y"
    if re.search(r"(?:ss|x|ch|sh|us)es$", letters):
        return letters[:-2]
    return letters[:-1] if letters.endswith("s") and not letters.endswith(("ss", "us")) else letters


def label(text: str) -> tuple[str, str] | None:
    """What a line is labelled as, in lower case, and the rest: ``**Purpose:** x`` is ``purpose`` and ``x``."""
    if bold := _LABEL.match(text.strip()):
        rest = re.sub(r"^[:\uff1a]\s*", "", bold["rest"].strip())
        name = bold["bold"].strip()
        if bold["colon"] or name.endswith((":", "\uff1a")) or not rest:
            return name.rstrip(":\uff1a ").lower(), rest
        return None
    if found := _PLAIN_LABEL.match(text.strip()):
        return found["bold"].strip().lower(), (found["rest"] or "").strip()
    return None


def ticked(text: str) -> tuple[str, ...]:
    """Everything that stands in ticks."""
    return tuple(part.strip() for part in re.findall(r"`([^`]+)`", text))
