"""Pages to print: one HTML file of sheets, with all its styles in it and nothing from elsewhere."""

import html
import re
from collections.abc import Iterable, Sequence
from string import ascii_lowercase

_STYLE = """\
@page { size: A4; margin: 18mm }
* { box-sizing: border-box }
body { font: 11pt/1.45 "Source Sans 3", "Helvetica Neue", Arial, sans-serif; color: #111; background: #fff;
  max-width: 46rem; margin: 1.5rem auto; padding: 0 1rem }
h1 { font-size: 17pt; margin: 0 0 .3rem } h2 { font-size: 13pt; margin: 1.2rem 0 .4rem; break-after: avoid }
p { margin: .3rem 0 } code { font: .92em/1.4 "Source Code Pro", Consolas, monospace; overflow-wrap: anywhere }
section + section { break-before: page; border-top: 1px solid #999; margin-top: 2rem; padding-top: 1rem }
ol { padding-left: 1.6rem } ol > li { margin: .7rem 0; break-inside: avoid }
.options { list-style: none; padding-left: .5rem; margin: .2rem 0 } .options > li { margin: .1rem 0 }
.about { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; margin: .8rem 0 }
.blank { display: inline-block; width: 9rem; border-bottom: 1px solid #111 }
.small { color: #444; font-size: 9.5pt } .why { color: #333 }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #999; padding: .3rem .45rem;
  text-align: left; vertical-align: top } thead { display: table-header-group }
tr { break-inside: avoid }
@media print { body { max-width: none; margin: 0; padding: 0 } section + section { border: 0; margin: 0; padding: 0 } }
"""


def document(title: str, sheets: Sequence[str]) -> bytes:
    """An HTML file in UTF-8, each of ``sheets`` on paper of its own.

    Args:
        title: As text.
        sheets: HTML, in which all text is escaped already.
    """
    body = "\n".join(f"<section>\n{sheet}\n</section>" for sheet in sheets)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{html.escape(title)}</title>
<style>
{_STYLE}</style>
</head>
<body>
{body}
</body>
</html>
""".encode(errors="replace")


def with_code(text: str) -> str:
    """``text`` as HTML, its code spans as code.

    >>> with_code("Is `a < b`?")
    'Is <code>a &lt; b</code>?'
    """
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def ordered(items: Iterable[str], start: int = 1) -> str:
    """A numbered list of HTML ``items``."""
    return f'<ol start="{start}">' + "".join(f"<li>{item}</li>" for item in items) + "</ol>"


def lettered(items: Sequence[str]) -> list[str]:
    """Options, as text or HTML, with the letters by which a sheet and its answers name them.

    >>> lettered(["cat", "dog"])
    ['a) cat', 'b) dog']
    """
    return [f"{letter}) {item}" for letter, item in zip(ascii_lowercase, items, strict=False)]


def options(items: Sequence[str]) -> str:
    """HTML ``items`` with letters, one below the other."""
    return '<ul class="options">' + "".join(f"<li>{item}</li>" for item in lettered(items)) + "</ul>"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts; its columns are as wide as the words in them need."""
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    body = "".join("<tr>" + "".join(f"<td>{_cell(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    """``text`` as HTML; a word of more than 20 letters may go on in the next line, where the paper ends."""
    return "<wbr>".join(map(html.escape, re.split(r"(?<=\S{20})(?=\S)", text)))
