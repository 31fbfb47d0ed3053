"""First and last names of a locale, and how mails spell them."""

from functools import lru_cache

from harness.seeding import locales, pools
from harness.seeding.pools import texts


def first_names() -> pools.Texts:
    """In the locale that rows are made under."""
    return names("first name", locales.current())[0]


def last_names() -> pools.Texts:
    """In the same way."""
    return names("last name", locales.current())[0]


@lru_cache(maxsize=8)
def names(pool: str, locale: str) -> tuple[pools.Texts, pools.Texts]:
    """Names, no two of which a server takes for the same, and each as mail addresses spell it.

    Names in another script than the Latin go with mails of English names, as people there choose theirs freely.
    """
    if locale == locales.USUAL:
        plain = texts([name for name in pools.pool(pool) if name.isalpha() and name.isascii()])
        return plain, plain
    found: dict[str, str] = {}
    for name in pools.pool(pool).tolist():
        if locales.is_word(name):
            found.setdefault(locales.bare(name), name)
    spelled = {locales.spelled(name).lower(): name for name in found.values() if locales.spelled(name)}
    if len(spelled) >= len(found) / 2:
        return texts(list(spelled.values())), texts(list(spelled))
    with locales.speaking(locales.USUAL):
        usual = names(pool, locales.USUAL)[0].tolist()
    own = list(found.values())[: len(usual)]
    return texts(own), texts(usual[: len(own)])
