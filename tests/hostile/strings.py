"""Two hundred texts that a terminal, a log, a page or a spreadsheet would obey if they got them as they are."""

from __future__ import annotations

_C0 = [chr(number) for number in range(1, 32)] + ["\x7f"]
_C1 = [chr(number) for number in range(0x80, 0xA0)]
# Clears, moves, names the window, writes the clipboard, asks for an answer, draws, links; in 7 and in 8 bits.
_SEQUENCES = [
    "\x1b[2J\x1b[H",
    "\x1b[31;1mred",
    "\x1b[?1049h",
    "\x1b[6n",
    "\x1b[c",
    "\x1b[5i",
    "\x1b[4;100;100t",
    "\x1b[1;1r",
    "\x1bc",
    "\x1b7\x1b8",
    "\x1b#8",
    "\x1b(0",
    "\x1b]0;owned\x07",
    "\x1b]2;owned\x1b\\",
    "\x1b]8;;https://evil.invalid\x1b\\x\x1b]8;;\x1b\\",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]1337;File=inline=1:AAAA\x07",
    "\x1b]4;0;?\x07",
    "\x1bP$qm\x1b\\",
    "\x1bPq#0;2;0;0;0#0~~\x1b\\",
    "\x1b_Gf=100;AAAA\x1b\\",
    "\x1b^private\x1b\\",
    "\x1bXstring\x1b\\",
    "\x9b2J",
    "\x9b31m",
    "\x9d0;owned\x9c",
    "\x90q\x9c",
    "\x9eprivate\x9c",
    "\x84\x85\x8d",
    "\x1b[",
    "\x1b]",
    "\x1b",
    "\x1b\x1b[A",
    "\x07\x08\x08\x08rewritten",
    "left\rright",
    "a\x0bb\x0cc",
    "\x0e\x0f",
    "\x05",
]
_DIRECTION = [chr(number) for number in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
_UNSEEN = [
    chr(number)
    for number in (
        0x00AD,
        0x034F,
        0x115F,
        0x180E,
        0x200B,
        0x200C,
        0x200D,
        0x2028,
        0x2029,
        0x2060,
        0x2064,
        0x206A,
        0xFEFF,
        0xFFF9,
        0xFFFB,
        0xE0001,
        0xE0041,
        0xF0000,
        0xE000,
        0xFFFE,
        0x1D173,
        0x10FFFF,
    )
]
_HALVES = ["\ud800", "\udfff", "\udc80\udcff", "ok\ud83d"]
# What a spreadsheet runs.
_FORMULAS = [
    '=HYPERLINK("https://evil.invalid";"x")',
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "\uff1d1+1",
    "\uff0b1",
    ";=1+1",
    '",=1+1',
    '"=1+1"',
    "'=1+1",
    "|=1+1",
    "%0A=1+1",
]
# What a page runs.
_MARKUP = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><b>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "&lt;b&gt;",
    "&#x1b;[2J",
    "]]>",
    "<style>*{display:none}",
    "</title>",
    "${7*7}",
    "{{7*7}}",
    "<%= 7*7 %>",
    "`id`",
    "$(id)",
    "\\u003cscript\\u003e",
]
# What a formatter, a table, a shell, a query or a log takes for its own.
_FORMATS = [
    "{0.__class__}",
    "{model}",
    "%s%s%n",
    "%(model)s",
    "[red]x[/red]",
    "[link=https://evil.invalid]x[/link]",
    "[/]",
    "[bold",
    "\\[red]",
    ":smile:",
    "'; DROP TABLE calls; --",
    '" OR 1=1 --',
    "x\n2026-01-01 00:00:00 INFO priced 0.00 USD",
    "x\r\n2026-01-01 ERROR",
    "x\n\nTraceback (most recent call last):",
    "--help",
    "-rf",
    "../../etc/passwd",
    "a/b/c",
    "C:\\Windows",
    "NUL",
    "nan",
    "inf",
    "null",
    "1e999",
    "0x10",
    "os.environ/LLMCOST_HOSTILE_SECRET",
    "*",
    "?",
    "a|b",
    "# comment",
    "--- \n- yaml",
    "!!python/object/apply:os.system ['id']",
    "&anchor *alias",
]
_SCRIPTS = [
    "\u05d0\u05d1\u05d2 abc \u202e xyz",
    "e" + "\u0301" * 60,
    "\u0644\u0627\u0644\u0627",
    "\u4f60\u597d\u4e16\u754c" * 20,
    "\U0001f469\u200d\U0001f4bb",
    "\U0001f1e9\U0001f1ea" * 10,
    "A\u030a\u0327" * 20,
    "\u1100\u1161\u11a8",
    "\ufdfd" * 10,
    "x" * 2000,
    " " * 300,
    "\u3000wide\u3000",
    "gpt\u20114o",
    "gpt-4\u043e",
]

_ALL = [*_C0, *_C1, *_SEQUENCES, *_DIRECTION, *_UNSEEN, *_HALVES, *_FORMULAS, *_MARKUP, *_FORMATS, *_SCRIPTS]
# Each once, with a word before what is a single character: a name is seldom that alone.
STRINGS = list(dict.fromkeys(text if len(text) > 1 else f"gpt{text}4o" for text in _ALL))
# What UTF-8 can write: a file holds no half of a character.
WHOLE = [text for text in STRINGS if not any("\ud800" <= char <= "\udfff" for char in text)]


def is_safe(text: str) -> bool:
    """Return whether a text holds printable characters and line breaks alone, and begins no line as a log's."""
    return all(line.isprintable() for line in text.split("\n")) and "\n2026-01-01" not in text
