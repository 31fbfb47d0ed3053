"""Statements with the words that keep the server from copying a table, or from keeping writers out.

``ALGORITHM=INSTANT``, else ``INPLACE, LOCK=NONE``: the server refuses what it cannot do that way (Online DDL
Operations). Words that a statement says itself are taken out first.
"""

import re
from dataclasses import replace

from harness.adapters.mysql.algorithm import SAID, change
from harness.design.model import Statement
from harness.facts import Effect
from harness.safer import SaferWay

WORDS = (("INSTANT", ""), ("INPLACE", "NONE"))

VALUE = re.compile(r"\b(?P<word>ALGORITHM|LOCK)\s*=?\s*(?P<value>INSTANT|INPLACE|NONE)\b", re.IGNORECASE)
ONLINE = {("ALGORITHM", "INPLACE"), ("LOCK", "NONE")}


def safer(statement: Statement, effect: Effect) -> tuple[SaferWay, ...]:
    """See ``Rewriting.safer``; none for what is done at once anyway, or says itself that nobody may wait."""
    said = {(match["word"].upper(), match["value"].upper()) for match in VALUE.finditer(statement.text)}
    if effect.algorithm.startswith("INSTANT") or ("ALGORITHM", "INSTANT") in said or said >= ONLINE:
        return ()
    found = change(unsaid(statement.text))
    if found is None:
        return ()
    texts = (found.with_(algorithm, lock) for algorithm, lock in WORDS)
    return tuple(((replace(statement, text=text, origin="derived", parts=()),),) for text in texts)


def unsaid(text: str) -> str:
    """A statement without its own ALGORITHM and LOCK, and without the commas before them."""
    result, last = "", 0
    for match in SAID.finditer(text):
        before = text[last : match.start()].rstrip()
        result += before.removesuffix(",").rstrip()
        last = match.end()
    return (result + text[last:]).strip()
