"""Texts that a program puts together and cuts again: every way to cut, of texts whose parts may hold the separator themselves."""

from __future__ import annotations

from tests.soundness.expressions import Case

WORD = "['x', 'y'][request.n % 2]"
CUT_WORD = "['a', 'b', 'c:d'][request.n % 3]"
REPEATED = "(request.a + ':') * (request.n % 3)"

TOGETHER = {
    "word and text": f"{WORD} + ':' + request.a",
    "text and word": f'f"{{request.a}}:{{{WORD}}}"',
    "cut word, text, word": f'f"{{{CUT_WORD}}}:{{request.a}}:{{{WORD}}}"',
    "text with separators between words": f'f"{{{WORD}}}:{{{REPEATED}}}:{{{WORD}}}"',
    "text with separators first": f'f"{{{REPEATED}}}{{{WORD}}}:z"',
    "digits first": f'f"{{uuid.uuid4().hex}}:{{{WORD}}}:{{request.a}}"',
    "two separators": f"{WORD} + '::' + {CUT_WORD}",
    "a separator of two parts": f"{WORD} + ':' + ':' + {WORD}",
    "no separator": f"{WORD} + request.s",
    "either": f'f"k:{{request.a}}" if request.b else f"{{request.s}}:{{{WORD}}}"',
}
WAYS = (
    *(f"split(':')[{at}]" for at in (0, 1, 2, -1, -2)),
    *(f"rsplit(':')[{at}]" for at in (0, -1)),
    *(f"split(':', 1)[{at}]" for at in (0, 1, -1)),
    *(f"split(':', 2)[{at}]" for at in (1, 2, -1, -2)),
    *(f"rsplit(':', 1)[{at}]" for at in (0, 1, -1, -2)),
    *(f"rsplit(':', 2)[{at}]" for at in (0, 1, -2)),
    *(f"partition(':')[{at}]" for at in (0, 1, 2, -1)),
    *(f"rpartition(':')[{at}]" for at in (0, 1, 2, -3)),
    "split('::')[0]",
    "rsplit('::', 1)[-1]",
)

CUT: dict[str, Case] = {
    f"{name}: {way}": Case(f"x = {text}\ntry:\n    v = x.{way}\nexcept IndexError:\n    return")
    for name, text in TOGETHER.items()
    for way in WAYS
}
