# This source file is part of the Wingbeat project.
# SPDX-License-Identifier: Apache-2.0

"""Events that a Go program and ours log: two hundred chosen ones, and as many random ones as are asked for.

An event is {"level", "message", "pairs": [{"key", "kind", "value"}]}. Every value is text, so that no JSON library
rounds it; that of the kind `bytes` is in base64. Keys are never those that an encoder writes itself, and never without
a character that logfmt allows.
"""

import base64
import json
import random

LEVELS = ("debug", "info", "warning", "error")

TEXTS = [
    "", " ", "  two  spaces  ", "plain", "null", "NULL", "nullable", '"null"', "true", "12", "-0.5", "NaN", "a b", "a=b",
    "=", "==", '"', '""', 'say "hi"', "'single'", "`back`", "\\", "a\\b", "\\n", 'trailing \\', '\\"', "C:\\temp\\x", "\n",
    "two\nlines", "\r\n", "\r", "\t", "tab\there", "\0", "nul\0inside", "\x01\x02\x1f", "\x07bell", "\x08", "\x0b\x0c",
    "\x1b[31mred\x1b[0m", "\x1c\x1d\x1e\x1f", "<script>&amp;</script>", "a&b", "{}", "[1,2]", '{"a":1}', "/orders/{id}",
    "https://example.com/?a=1&b=2#c", "100 %", "%s %d %n", "$(reboot)", "a,b;c|d", "#comment", "key=value other=thing",
    "ü", "naïve café", "Grüße aus Köln", "日本語", "漢字 かな", "한국어", "中文=字", "العربية", "עברית", "ไทย", "हिन्दी", "🙂",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467", "🇩🇪", "🙂 🙃", "a🙂=b", "e\u0301", "\u0301alone", "e\u0301 u\u0308", "Å",
    "A\u030a", "Z\u0351\u036b\u0343", "\ufffd", "a\ufffdb", "\ufffd \ufffd", "\ufeffbom", "zero\u200bwidth", "a\u00a0b",
    "\u3000", "\u00ad", "\ue000", "\ufdd0", "\uffff", "\U0010ffff", "🙂\n", "x" * 7 + "ü", "x" * 8 + '"', "x" * 15 + "\n",
    "x" * 16 + " ", "x" * 31 + "=", "x" * 63 + "é", "x" * 64 + "\t",
]
LONG_TEXTS = ["x" * 20_480, ("a long value, " * 1_500)[:20_480], '"\\\n' * 3_000, "日本🙂" * 2_048]

# What is no UTF-8: lone, truncated, overlong, a surrogate, too large, and with something around it; then what is.
BYTES = [
    b"\xff", b"\xfe\xff", b"\x80", b"\xbf\xbf", b"\xc3", b"a\xc3", b"\xc3(", b"\xe2\x82", b"\xe2\x82 ", b"\xe2(\xa1",
    b"\xf0\x9f\x98", b"\xf0\x9f\x98\xf0\x9f\x98\x80", b"\xf0\x9f", b"\xf0", b"\xc0\xaf", b"\xe0\x80\xaf",
    b"\xf0\x80\x80\xaf", b"\xc1\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80",
    b"\xf8\x88\x80\x80\x80", b"caf\xe9", b"a\xffb\xffc", b"\xe6\x97\xa5\xe6", b"\x00\xff\x00", b'"\xff"', b"\\\xff",
    b"null\xff", b"", b"null", b"plain", b"two words", "日本".encode(), b"\n",
]

DOUBLES = [
    "0", "-0.0", "1", "-1", "0.1", "-0.1", "0.75", "100", "123456", "1e5", "999999", "1e6", "1234567", "12345678.5",
    "123456789.125", "1e15", "1e16", "9007199254740992", "123456789012345680", "1e20", "999999999999999900000", "1e21",
    "1.5e21", "1e22", "1e23", "1e100", "1.7976931348623157e308", "-1.7976931348623157e308", "0.001", "0.0001",
    "0.00012345", "0.00001", "1.25e-5", "1e-6", "1e-7", "2.5e-7", "1e-10", "1e-100", "2.2250738585072014e-308", "5e-324",
    "-5e-324", "3.141592653589793", "0.30000000000000004", "33.333333333333336", "-12345.678",
]
INFINITE_DOUBLES = ["nan", "inf", "-inf"]
INTS = ["0", "1", "-1", "9", "10", "99", "100", "-9876543210", "9007199254740993", str(2**63 - 1), str(-(2**63))]
UNSIGNED = ["0", "7", "4294967296", str(2**63), str(2**64 - 1)]

ERRORS = [
    "", "EOF", "null", "no such file", "connection refused: 10.0.0.1:5432", 'parse "x": bad', "two\nlines", "a=b", "\ufffd",
    "\x1b[1mloud", "日本", "🙂", "back\\slash", " ", "\t", "e\u0301",
]
KEYS = [
    "a b", "a=b", 'a"b', "=a", '"a"', "a\nb", "a\tb", "\x01a", "a\\b", "a.b", "a/b", "a-b", "a:b", "é", "日本", "🙂", "e\u0301",
    "A", "0", "null", "a\ufffdb", "ключ", "a'b", "{a}", "a" * 300, 'with  spaces  and = and "quotes"', "time", "caller",
]


def pair(key, kind, value):
    return {"key": key, "kind": kind, "value": base64.b64encode(value).decode() if kind == "bytes" else value}


def event(message, *pairs, level="info"):
    return {"level": level, "message": message, "pairs": list(pairs)}


def chosen_events(infinite):
    """Two hundred events with each of the values above at least once; `infinite` ones, which JSON cannot say, if told."""
    events = [event(""), event("empty", pair("a", "text", ""), pair("b", "text", ""))]
    events += [event(text) for text in TEXTS[::4]]
    events += [event("odd key", pair(key, "int", "1")) for key in KEYS]
    events += [event("long", pair("a", "text", text), pair("b", "int", "1")) for text in LONG_TEXTS]
    events += [
        event(LONG_TEXTS[1]),
        event("twice", pair("a", "int", "1"), pair("b", "text", "x y"), pair("a", "int", "2")),
        event("thrice", pair("a", "text", "1"), pair("a", "double", "1"), pair("a", "null", "")),
        event("alike without what logfmt leaves out", pair("a b", "int", "1"), pair("ab", "int", "2")),
        event("eight", *(pair(f"key{number}", "int", str(number)) for number in range(8))),
        event("forty", *(pair(f"key{number}", "int", str(number)) for number in range(40))),
        event("first of forty again", *(pair(f"key{number % 39}", "int", str(number)) for number in range(40))),
    ]
    values = all_values(infinite)
    rest = 200 - len(events)
    for number in range(rest):
        pairs = [pair(f"{kind}{place}", kind, value) for place, (kind, value) in enumerate(values[number::rest])]
        events.append(event(TEXTS[number % len(TEXTS)], *pairs, level=LEVELS[number % len(LEVELS)]))
    return events


def all_values(infinite):
    kinds = {
        "text": TEXTS, "bytes": BYTES, "error": ERRORS, "double": DOUBLES + (INFINITE_DOUBLES if infinite else []),
        "int": INTS, "unsigned": UNSIGNED, "bool": ["true", "false"], "null": [""],
    }
    return [(kind, value) for kind, values in kinds.items() for value in values]


class RandomEvents:
    """Events of a seed. Some have characters that ours escapes and Go does not."""

    TAME = [
        range(0x20, 0x7F), range(0x61, 0x7B), [0x20, 0x22, 0x3D, 0x5C, 0x2F, 0x7B], range(0x00, 0x20), range(0xA0, 0x250),
        range(0x300, 0x370), range(0x3040, 0x30FF), range(0x4E00, 0x4F00), range(0x1F600, 0x1F650), [0xFFFD, 0xFEFF, 0x200D],
        range(0xE000, 0xE010), range(0x10FFF0, 0x110000),
    ]
    WILD = [*TAME, [0x7F], range(0x80, 0xA0), [0x2028, 0x2029, 0x85, 0x9B, 0x202E, 0x2066]]

    def __init__(self, seed, infinite):
        self.random = random.Random(seed)
        self.infinite = infinite

    def make(self, count):
        return [self.event() for _ in range(count)]

    def event(self):
        self.alphabets = self.WILD if self.random.random() < 0.2 else self.TAME
        # Of the same keys beyond the first 32 pairs, ours writes both.
        keys = [self.key() for _ in range(self.random.randrange(9 if self.random.random() < 0.95 else 32))]
        pairs = [pair(self.random.choice(keys) if self.random.random() < 0.1 else key, *self.value()) for key in keys]
        return event(self.text(), *pairs, level=self.random.choice(LEVELS))

    def text(self):
        size = self.random.choice((0, 1, 2, 3, 5, 8, 13, 21, 34))
        return "".join(chr(self.random.choice(self.random.choice(self.alphabets))) for _ in range(size))

    def key(self):
        return self.random.choice("abcXYZ_é日") + self.text()

    def value(self):
        kind = self.random.choice(("text", "text", "text", "bytes", "int", "unsigned", "double", "bool", "null", "error"))
        return kind, getattr(self, kind, self.text)()

    error = text

    def bytes(self):
        return self.random.randbytes(self.random.randrange(6)) + self.text().encode() + self.random.randbytes(2)

    def int(self):
        return str(self.random.getrandbits(64) - 2**63 >> self.random.randrange(64))

    def unsigned(self):
        return str(self.random.getrandbits(64) >> self.random.randrange(64))

    def double(self):
        if self.infinite and self.random.random() < 0.05:
            return self.random.choice(INFINITE_DOUBLES)
        if self.random.random() < 0.5:
            return repr(self.random.uniform(-1, 1) * 10.0 ** self.random.randint(-320, 308))
        return repr(round(self.random.uniform(-1, 1) * 10.0 ** self.random.randint(-6, 22), self.random.randrange(20)))

    def bool(self):
        return self.random.choice(("true", "false"))

    def null(self):
        return ""


def as_lines(events):
    """What the programs read: an event on each line."""
    return "".join(json.dumps(event) + "\n" for event in events)
