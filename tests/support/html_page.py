"""An HTML page as the tests look at it."""

from __future__ import annotations

from html.parser import HTMLParser


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def count(self, tag: str) -> int:
        return sum(found == tag for found, _ in self.tags)


def assert_needs_nothing_else(page: Page, html: str) -> None:
    """No script, no address outside, nothing that would be fetched."""
    assert not {"script", "link", "iframe", "img", "object", "embed", "base", "form"} & {
        t for t, _ in page.tags
    }
    for tag, attributes in page.tags:
        assert not {"src", "srcset", "action", "background"} & set(attributes), tag
        assert not any(name.startswith("on") for name in attributes), tag
        assert tag == "a" or "href" not in attributes
    assert "url(" not in html
    assert "@import" not in html
