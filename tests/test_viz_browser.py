"""The page in a real browser: it opens from disk, answers clicks and keys, and asks nothing of any network."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
from test_viz_page import HOSTILE, hostile_graph
from viz_graph import make_graph

from citegraph.viz import write_html, write_picture

webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium")
Keys = pytest.importorskip("selenium.webdriver.common.keys").Keys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium or Chrome")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --window-size=1400,900"
)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in [*FLAGS.split(), f"--user-data-dir={tmp_path_factory.mktemp('profile')}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = shutil.which("chromedriver")
    service = webdriver.ChromeService(driver) if driver else None
    browser = webdriver.Chrome(options=options, service=service)
    yield browser
    browser.quit()


class Page:
    """A picture open in the browser."""

    def __init__(self, browser, path):
        self.browser, self.address = browser, path.as_uri()
        browser.get("about:blank")
        for kind in ("browser", "performance"):
            browser.get_log(kind)
        self.open()

    def open(self, fragment=""):
        self.browser.get("about:blank")
        self.browser.get(self.address + fragment)
        self.wait("return document.documentElement.dataset.labels !== undefined")
        return self

    def run(self, script, *arguments):
        return self.browser.execute_script(script, *arguments)

    def wait(self, script, *arguments):
        until = time.monotonic() + 10
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < until, f"waited in vain for: {script}"
            time.sleep(0.03)
        return found

    def panel(self):
        return self.wait("const p = document.getElementById('panel'); return p.hidden ? '' : p.innerText")

    def find(self, words, *keys):
        box = self.browser.find_element("id", "search")
        box.clear()
        box.send_keys(words, *keys)

    def heading(self, text):
        self.wait(
            "const h = document.querySelector('#panel h2'); return h && h.textContent === arguments[0]", text
        )

    def click_at(self, script, *arguments):
        """Click the place a script gives in coordinates of the graph, as a hand would."""
        spot = self.run(
            f"const p = citegraph.network.canvasToDOM((() => {{ {script} }})());"
            "const r = document.getElementById('network').getBoundingClientRect();"
            "return [p.x + r.left, p.y + r.top];",
            *arguments,
        )
        actions = webdriver.ActionChains(self.browser)
        actions.w3c_actions.pointer_action.move_to_location(round(spot[0]), round(spot[1]))
        actions.click().perform()

    def complaints(self):
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def requests(self):
        messages = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return {m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"}


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    path = tmp_path_factory.mktemp("pictures") / "graph.html"
    write_html(make_graph(120), path, title="Papers on efficient inference")
    return path


@pytest.fixture
def page(chromium, picture):
    page = Page(chromium, picture)
    yield page
    assert page.complaints() == []


NODE = "citegraph.facts.nodes.findIndex((node) => node.name === arguments[0])"


def test_it_opens_from_disk_and_asks_for_nothing_but_itself(page):
    page.find("mmlu", Keys.ENTER)
    page.panel()
    assert {url for url in page.requests() if not url.startswith("about:")} == {page.address}
    assert page.browser.title == "Papers on efficient inference"


def test_search_finds_a_node_goes_there_and_tells_about_it(page):
    page.find("qlora", Keys.ENTER)
    page.heading("QLoRA")
    assert "method" in page.panel()
    page.wait(f"const [x, y] = Object.values(citegraph.network.canvasToDOM(citegraph.network.getPosition({NODE})));"
              "return x > 0 && y > 0 && x < innerWidth && y < innerHeight", "QLoRA")  # fmt: skip


def test_search_knows_aliases_and_ids(page):
    name, alias = page.run(
        "const n = citegraph.facts.nodes.find((n) => n.aliases); return [n.name, n.aliases[0]]"
    )
    page.find(alias, Keys.ENTER)
    page.heading(name)
    page.find("benchmark:gsm8k", Keys.ENTER)
    page.heading("GSM8K")


def test_enter_goes_from_match_to_match_and_round(page):
    page.find("llama")
    count = page.run("return Number(document.getElementById('match-count').textContent.split(' ')[0])")
    seen = []
    for _ in range(count + 1):
        page.browser.find_element("id", "search").send_keys(Keys.ENTER)
        seen.append(page.run("return document.querySelector('#panel h2').textContent"))
    assert count >= 3
    assert len(set(seen)) == count
    assert seen[0] == seen[-1] == "LLaMA"


def test_search_says_so_when_nothing_is_found(page):
    page.find("no such thing", Keys.ENTER)
    assert "Nothing in this picture" in page.browser.find_element("id", "match-count").text


def test_a_click_on_a_mark_shows_its_evidence_with_the_quoted_words_marked(page):
    page.click_at(f"return citegraph.network.getPosition({NODE})", "MMLU")
    page.heading("MMLU")
    quote = page.browser.find_element("css selector", "#panel blockquote")
    assert quote.text.startswith("On MMLU it improves accuracy")
    assert quote.find_element("css selector", "mark").text == "MMLU"


def test_a_click_on_a_neighbour_goes_there_and_back_returns(page):
    page.find("mmlu", Keys.ENTER)
    page.heading("MMLU")
    neighbour = page.browser.find_element("css selector", "#panel .go")
    name = neighbour.find_element("css selector", "bdi").text
    neighbour.click()
    page.heading(name)
    page.browser.back()
    page.heading("MMLU")


def test_a_click_on_a_line_says_why_it_is_there(page):
    # Somewhere on a line, away from the marks, where no other line is as near.
    spot = page.run(
        """const n = citegraph.network, view = n.getViewPosition();
        for (const e of citegraph.facts.edges.filter((e) => e.evidence)) {
          const a = n.getPosition(e.s), b = n.getPosition(e.o);
          const p = n.canvasToDOM({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
          if (p.x < 300 || p.y < 40 || p.x > 1000 || p.y > 650 || n.getNodeAt(p) !== undefined) continue;
          const i = n.getEdgeAt(p);
          if (i !== undefined && citegraph.facts.edges[i].evidence) return [p.x, p.y, i];
        }"""
    )
    page.click_at("return citegraph.network.DOMtoCanvas({ x: arguments[0], y: arguments[1] })", *spot[:2])
    text = page.panel()
    assert "Why this line is there" in text
    assert "IN THE PAPER'S WORDS" in text.upper()
    assert page.run("return document.querySelector('#panel mark').textContent") in text
    target = page.run("const f = citegraph.facts; return f.nodes[f.edges[arguments[0]].o].name", spot[2])
    assert target in text


def test_a_click_beside_everything_or_escape_closes_the_panel(page):
    page.find("mmlu", Keys.ENTER)
    page.heading("MMLU")
    page.browser.find_element("tag name", "body").send_keys(Keys.ESCAPE)
    page.browser.find_element("id", "search").send_keys(Keys.ESCAPE)
    page.browser.execute_script("document.activeElement.blur()")
    page.browser.find_element("tag name", "body").send_keys(Keys.ESCAPE)
    page.wait("return document.getElementById('panel').hidden")


def test_the_legend_hides_a_type_and_shows_it_again(page):
    hidden = (
        "return citegraph.facts.nodes.map((n, i) => [citegraph.facts.types[n.t].label, citegraph.hidden(i)])"
    )
    toggle = page.browser.find_element("css selector", "#legend [data-label=Method]")
    assert not any(gone for _, gone in page.run(hidden))
    toggle.click()
    assert toggle.get_attribute("aria-pressed") == "false"
    assert {(label, gone) for label, gone in page.run(hidden) if gone or label == "Method"} == {
        ("Method", True)
    }
    toggle.click()
    assert not any(gone for _, gone in page.run(hidden))


def test_the_legend_shows_one_type_alone_and_all_again(page):
    page.run("document.querySelector('[aria-label=\"Show only models\"]').click()")
    shown = "return citegraph.facts.nodes.filter((n, i) => !citegraph.hidden(i)).length"
    assert page.run(shown) == page.run(
        "return citegraph.facts.nodes.filter((n) => citegraph.facts.types[n.t].label === 'Model').length"
    )
    page.browser.find_element("css selector", "#legend .all").click()
    assert page.run(shown) == page.run("return citegraph.facts.nodes.length")


def test_what_is_searched_for_is_shown_even_if_its_type_was_hidden(page):
    page.browser.find_element("css selector", "#legend [data-label=Benchmark]").click()
    page.find("mmlu", Keys.ENTER)
    page.heading("MMLU")
    assert not page.run(f"return citegraph.hidden({NODE})", "MMLU")


def test_an_address_with_a_fragment_opens_at_that_node(page):
    page.open("#model%3Allama-2").heading("LLaMA 2")


def test_everything_is_reached_with_the_keyboard_alone(page):
    body = page.browser.find_element("tag name", "body")
    body.send_keys("/")
    box = page.browser.switch_to.active_element
    assert box.get_attribute("id") == "search"
    box.send_keys("gsm8k", Keys.ENTER)
    page.heading("GSM8K")
    for _ in range(40):
        page.browser.switch_to.active_element.send_keys(Keys.TAB)
        if "go" in (page.browser.switch_to.active_element.get_attribute("class") or "").split():
            break
    name = page.browser.switch_to.active_element.find_element("css selector", "bdi").text
    page.browser.switch_to.active_element.send_keys(Keys.ENTER)
    page.heading(name)


def test_arrow_keys_and_plus_move_and_zoom_the_graph(page):
    stage = page.browser.find_element("id", "network")
    where = "const n = citegraph.network, p = n.getViewPosition(); return [p.x, p.y, n.getScale()]"
    x, y, scale = page.run(where)
    stage.send_keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    assert page.run(where)[0] > x
    assert page.run(where)[1] > y
    stage.send_keys("+")
    page.wait("return citegraph.network.getScale() > arguments[0]", scale)


def test_a_mouse_over_the_graph_does_not_take_the_focus_from_the_search(page):
    box = page.browser.find_element("id", "search")
    box.send_keys("ll")
    actions = webdriver.ActionChains(page.browser)
    actions.move_to_element(page.browser.find_element("id", "network")).perform()
    assert page.browser.switch_to.active_element == box


def test_a_mark_under_the_mouse_shows_its_lines(page):
    spot = page.run(
        f"const p = citegraph.network.canvasToDOM(citegraph.network.getPosition({NODE}));"
        "const r = document.getElementById('network').getBoundingClientRect(); return [p.x + r.left, p.y + r.top]",
        "LLaMA",
    )
    actions = webdriver.ActionChains(page.browser)
    actions.w3c_actions.pointer_action.move_to_location(round(spot[0]), round(spot[1]))
    actions.perform()
    page.wait("return document.getElementById('network').style.cursor === 'pointer'")


def test_the_page_prints_light_in_a_dark_room(page):
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    fill = "return document.querySelector('#legend [data-label=Model] [fill]').getAttribute('fill')"
    page.open()
    on_screen = page.run(fill)
    page.run("dispatchEvent(new Event('beforeprint'))")
    assert page.run(fill) != on_screen
    page.run("dispatchEvent(new Event('afterprint'))")
    assert page.run(fill) == on_screen
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_names_are_few_when_zoomed_out_and_more_per_mark_when_zoomed_in(page):
    def share():
        time.sleep(0.1)
        return page.run(
            """const s = document.getElementById('network'), n = citegraph.network;
            const near = citegraph.facts.nodes.filter((_, i) => {
              const p = n.canvasToDOM(n.getPosition(i));
              return p.x > 0 && p.y > 0 && p.x < s.clientWidth && p.y < s.clientHeight; }).length;
            return Number(document.documentElement.dataset.labels) / near"""
        )

    page.run("citegraph.network.moveTo({ scale: 0.25 })")
    far = share()
    page.run("citegraph.network.moveTo({ scale: 1.6 })")
    assert far < 0.5
    assert share() > 0.65


def test_colours_follow_the_scheme_of_the_screen(page):
    fill = "return document.querySelector('#legend [data-label=Model] [fill]').getAttribute('fill')"
    light = page.run(fill)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    page.wait(f"{fill} !== arguments[0]", light)
    page.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    page.wait(f"{fill} === arguments[0]", light)


def test_hostile_names_are_shown_as_text_and_do_nothing(chromium, tmp_path):
    path = tmp_path / "hostile <graph> & ü.html"
    write_html(hostile_graph(), path, title=HOSTILE[1])
    page = Page(chromium, path)
    for number in range(page.run("return citegraph.facts.nodes.length")):
        page.run("citegraph.choose({ node: arguments[0] })", number)
        page.heading(page.run("return citegraph.facts.nodes[arguments[0]].name", number))
    for number in range(page.run("return citegraph.facts.edges.length")):
        page.run("citegraph.choose({ edge: arguments[0] })", number)
        assert "Why this line is there" in page.panel()
    page.find("<script>window", Keys.ENTER)
    assert page.run("return window.broken === undefined")
    assert page.run("return document.querySelectorAll('img, a, [onerror]').length") == 0
    assert page.browser.title == HOSTILE[1]
    assert page.complaints() == []
    assert {url for url in page.requests() if url.startswith("http")} == set()


def test_a_script_that_got_in_all_the_same_would_not_run(chromium, picture):
    page = Page(chromium, picture)
    page.run(
        "const s = document.createElement('script'); s.textContent = 'window.broken = 1'; document.body.append(s)"
    )
    assert page.run("return window.broken === undefined")
    assert any("Content Security Policy" in complaint for complaint in page.complaints())


def test_an_empty_graph_gives_a_page_that_says_so(chromium, tmp_path):
    from memory_store import MemoryStore

    write_html(MemoryStore(), tmp_path / "empty.html")
    page = Page(chromium, tmp_path / "empty.html")
    assert "There is nothing to draw" in page.browser.find_element("tag name", "main").text
    assert page.complaints() == []


def test_a_thousand_nodes_are_drawn_at_once(chromium, tmp_path):
    write_html(make_graph(1000), tmp_path / "large.html", limit=1000)
    page = Page(chromium, tmp_path / "large.html")
    assert (
        page.run("return citegraph.drawn") < 5000
    )  # 0.5 s on a quiet machine, milliseconds from the request
    assert page.complaints() == []


def test_the_static_picture_opens_too(chromium, tmp_path):
    write_picture(make_graph(60), tmp_path / "graph.svg")
    chromium.get(Path(tmp_path / "graph.svg").as_uri())
    assert (
        chromium.execute_script("return document.documentElement.querySelectorAll('.marks > *').length") > 50
    )
