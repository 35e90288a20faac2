"""Markup to DOM, module by module: Slack's mrkdwn and standard Markdown."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.page.fake_playground import FakePlayground

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for the module: these tests only borrow its modules and leave it as it was."""
    playground = FakePlayground()
    page = browser.new_page(base_url=playground.start())
    page.goto("/")
    page.locator("body[data-ready]").wait_for()
    yield page
    page.close()
    playground.stop()


MRKDWN = {
    "*bold* _it_ ~no~ `a *b*`": "<p><strong>bold</strong> <em>it</em> <s>no</s> <code>a *b*</code></p>",
    "snake_case_name and 2*3*4": "<p>snake_case_name and 2*3*4</p>",
    "*a _b_ c*": "<p><strong>a <em>b</em> c</strong></p>",
    "a &lt;b&gt; &amp;amp;": "<p>a &lt;b&gt; &amp;amp;</p>",
    "one\ntwo": "<p>one<br>two</p>",
    "&gt; said\n&gt; so\nend": "<blockquote><p>said<br>so</p></blockquote><p>end</p>",
    "• one\n• two": "<ul><li>one</li><li>two</li></ul>",
    "2. two\n3. three": '<ol start="2"><li>two</li><li>three</li></ol>',
    "x ```a\n  <@U1> b``` y": '<p>x </p><pre tabindex="0">a\n  @U1 b</pre><p> y</p>',
    "<!here> <@U404>": '<p><span class="mention mention-me">@here</span> <span class="mention">@Somebody</span></p>',
    "<#C1|x> <#C404|gone>": '<p><a class="mention" href="#/C1">#claims-ai</a> <span class="mention">#gone</span></p>',
    "<https://a.example/?x=1&amp;y=2|A & B>": (
        '<p><a href="https://a.example/?x=1&amp;y=2" target="_blank" rel="noopener noreferrer">A &amp; B</a></p>'
    ),
    "see https://a.example/b.": (
        '<p>see <a href="https://a.example/b" target="_blank" rel="noopener noreferrer">https://a.example/b</a>.</p>'
    ),
    ":unknown_thing: 12:30:45": "<p>:unknown_thing: 12:30:45</p>",
    "<javascript:alert(1)|x>": "<p>&lt;javascript:alert(1)|x&gt;</p>",
}
MARKDOWN = {
    "a **b** *c* ~~d~~ `e`": "<p>a <strong>b</strong> <em>c</em> <s>d</s> <code>e</code></p>",
    "\\*not\\* snake_case_name": "<p>*not* snake_case_name</p>",
    "one\ntwo\n\nthree": "<p>one<br>two</p><p>three</p>",
    "## Head": '<div class="md-heading md-h2" role="heading" aria-level="4">Head</div>',
    "```json\n{\n```": '<pre tabindex="0">{</pre>',
    "```\nopen": '<pre tabindex="0">open</pre>',
    "---": "<hr>",
    "> q\n> r": "<blockquote><p>q<br>r</p></blockquote>",
    "- a\n  - b\n- c": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>",
    "3. a\n4. b": '<ol start="3"><li>a</li><li>b</li></ol>',
    "text\n- a": "<p>text</p><ul><li>a</li></ul>",
    "[a](https://a.example)": '<p><a href="https://a.example/" target="_blank" rel="noopener noreferrer">a</a></p>',
    "[a](javascript:x)": "<p><span>a</span></p>",
    "<b>x</b>": "<p>&lt;b&gt;x&lt;/b&gt;</p>",
}
TABLE = "| a | b |\n|:--|--:|\n| `x\\|y` | 2 |\nend"


def rendered(page: Page, module: str, texts: list[str]) -> list[str]:
    script = """async ([module, texts]) => {
        const {[module]: render} = await import(`/playground/static/js/${module}.js`);
        return texts.map((text) => {
            const box = document.createElement("div");
            box.append(render(text));
            return box.innerHTML;
        });
    }"""
    found: list[str] = page.evaluate(script, [module, texts])
    return found


def test_markup_becomes_elements(page: Page) -> None:
    for module, table in (("mrkdwn", MRKDWN), ("markdown", MARKDOWN)):
        assert dict(zip(table, rendered(page, module, list(table)), strict=True)) == table


def test_a_markdown_table_keeps_alignment_and_escaped_bars(page: Page) -> None:
    html = rendered(page, "markdown", [TABLE])[0]
    assert '<th class="align-right" scope="col">b</th>' in html
    assert '<td class="align-left"><code>x|y</code></td><td class="align-right">2</td>' in html
    assert html.endswith("<p>end</p>")


def test_dates_are_written_in_the_readers_zone(page: Page) -> None:
    text = "<!date^1392734382^Posted {date_num} {time_secs}|then> <!date^x^{date}|then>"
    zone = page.evaluate("new Date(1392734382000).toLocaleTimeString('en-US')")
    html = rendered(page, "mrkdwn", [text])[0]
    assert 'datetime="2014-02-18T14:39:42.000Z"' in html
    assert f"Posted 2014-02-18 {zone}</time> then</p>" in html


def test_a_long_streamed_answer_is_drawn_quickly(page: Page) -> None:
    text = "\n".join(
        f"- **item {number}** with `code`, *stress* and https://a.example/{number}" for number in range(180)
    )
    assert len(text) < 12_000
    before = page.evaluate("performance.now()")
    rendered(page, "markdown", [text] * 10)
    assert page.evaluate("performance.now()") - before < 1500
