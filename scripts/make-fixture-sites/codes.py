"""Codes with check characters, so that only the planted ones are wrong (GB 11714, GB 32100)."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def organisation(eight):
    """GB 11714: eight characters and their check character."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    values = [int(c) if c.isdigit() else ord(c) - 55 for c in eight]
    rest = 11 - sum(v * w for v, w in zip(values, weights)) % 11
    return eight + {10: "X", 11: "0"}.get(rest, str(rest))


def credit(division, eight):
    """GB 32100: the unified social credit code of a government office of that division."""
    seventeen = "11" + division + organisation(eight)
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    rest = sum(ALPHABET.index(c) * w for c, w in zip(seventeen, weights)) % 31
    return seventeen + ALPHABET[(31 - rest) % 31]


def wrong(code):
    """The same code with another check character."""
    return code[:-1] + ALPHABET[(ALPHABET.index(code[-1]) + 5) % 31]
