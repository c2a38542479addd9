"""Readers of pages and feeds: Beautiful Soup, Scrapy, feedparser. What they read is text of other servers."""

from __future__ import annotations

from cardlint.knowledge.rows import LOG, below, bounded, leads, unbounded
from cardlint.knowledge.schema import Library, Shape

SOUP, TAG = "bs4.BeautifulSoup", "bs4.element.Tag"
ONE = ("find", "select_one", "find_next", "find_parent", "find_next_sibling", "find_previous_sibling", "find_previous")
MANY = ("find_all", "findAll", "select", "find_next_siblings", "find_all_next", "find_parents")
PAGE = "the name of the site, or a part that you test against the values you know"

RESPONSE, REQUEST, SPIDER = "scrapy.http.Response", "scrapy.Request", "scrapy.Spider"
SIGNALS: tuple[tuple[str, ...], ...] = (
    ("response", "request", "spider"),
    ("request", "spider"),
    ("request", "response", "spider"),
    ("request", "exception", "spider"),
    ("item", "response", "spider"),
    ("failure", "response", "spider"),
)
"""Parameters of receivers of signals and of methods of middlewares (Scrapy 2.19, Signals; Downloader Middleware)."""
PASSED = {"response": RESPONSE, "request": REQUEST, "spider": SPIDER, "exception": "builtins.BaseException"}

FEED = "feedparser.parse()"
ENTRIES = tuple(f"{FEED}{entries}[{index}]" for entries in (".entries", "[entries]") for index in ("*", "0"))
TEXTS = ("title", "link", "id", "guid", "summary", "description", "author", "published", "updated", "published_parsed", "updated_parsed")

LIBRARY = Library(
    packages=("bs4", "scrapy", "feedparser"),
    rows=(
        *leads(
            *((f"{owner}.{name}()", TAG) for owner in (SOUP, TAG) for name in ONE),
            *((f"{owner}.{name}()[{index}]", TAG) for owner in (SOUP, TAG) for name in MANY for index in ("*", "")),
            *((f"{owner}.{name}", TAG) for owner in (SOUP, TAG) for name in ("title", "a", "body", "h1", "parent")),
        ),
        *unbounded(
            "server-text",
            "text of a page",
            *(f"{owner}.{name}" for owner in (SOUP, TAG) for name in ("get_text()", "text", "string")),
            *below(TAG, ".stripped_strings[*]", ".strings[*]", "[href]", "[src]", "[title]", "[alt]"),
            advice=PAGE,
        ),
        *unbounded("server-text", "the URL of a page", f"{RESPONSE}.url", f"{REQUEST}.url", advice=PAGE),
        *unbounded(
            "server-text",
            "text of a page",
            *below(RESPONSE, ".text", ".body", ".headers", ".css().get()", ".xpath().get()", ".css().getall()[*]", ".xpath().getall()[*]"),
            advice=PAGE,
        ),
        *unbounded("address", "the address of a server", f"{RESPONSE}.ip_address", advice=LOG),
        *bounded(62, "status", "HTTP status", f"{RESPONSE}.status"),
        *bounded(50, "code-name", "the name of a spider", f"{SPIDER}.name"),
        *leads((f"{RESPONSE}.request", REQUEST)),
        *unbounded(
            "server-text",
            "text of an entry of a feed",
            *(f"{entry}{part}" for entry in ENTRIES for name in TEXTS for part in (f".{name}", f"[{name}]")),
            advice=LOG,
        ),
        *bounded(62, "status", "HTTP status", f"{FEED}.status", f"{FEED}[status]"),
        *bounded(20, "version", "the format of a feed", f"{FEED}.version", f"{FEED}[version]"),
        *bounded(2, "boolean", "whether a feed is not well formed", f"{FEED}.bozo", f"{FEED}[bozo]"),
        *leads((f"{FEED}.bozo_exception", "builtins.BaseException"), (f"{FEED}[bozo_exception]", "builtins.BaseException")),
    ),
    shapes=(
        *(Shape("scrapy", tuple((name, PASSED[name]) for name in names if name in PASSED), signature=names) for names in SIGNALS),
        *(
            Shape("scrapy", (("response", RESPONSE),), base=base, signature=("response",))
            for base in (SPIDER, "scrapy.spiders.CrawlSpider")
        ),
    ),
    aliases=(
        ("bs4.Tag", TAG),
        ("scrapy.http.request.Request", REQUEST),
        ("scrapy.http.Request", REQUEST),
        *((f"scrapy.http.{name}", RESPONSE) for name in ("HtmlResponse", "TextResponse", "XmlResponse", "response.Response")),
        ("scrapy.spiders.Spider", SPIDER),
    ),
)
"""Beautiful Soup 4.15, Navigating and searching the tree; Scrapy 2.19, Requests and Responses; feedparser 6.0, Reference."""
