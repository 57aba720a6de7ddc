"""Looks at one page as it stands in a browser: axe-core, structure, width, targets; returns what is wrong, in words.

axe-core takes most of a second a page, and a demo has many pages that differ in their words alone. So it is asked about
each skeleton once in each language; everything else is looked at on every page.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

WIDTHS = (360, 1280)
ASKED = {"en": (1280,), "km": (360,)}
"""On a tour axe-core is asked about a page in English as a wide one and in Khmer as a narrow one, elsewhere at both widths.

`make trials` asks about each page in all four.
"""
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")

RUN_AXE = """async ([tags, dressed]) => {
  const options = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
  const asked = await axe.run(document, dressed ? {...options, rules: {"color-contrast": {enabled: false}}} : options);
  const found = asked.violations;
  if (dressed?.length) {
    const all = document.querySelectorAll("*");
    const only = {runOnly: ["color-contrast"], resultTypes: ["violations"]};
    found.push(...(await axe.run({include: dressed.map(no => all[no])}, only)).violations);
  }
  return found.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => `${n.target} ${n.failureSummary}`).join(" | ")}`);
}"""
"""`dressed`: the elements whose letters are asked about, by their number in the document; null for all of them."""

STRUCTURE = """() => {
  const wrong = [], here = document.documentElement, all = [...document.querySelectorAll("*")];
  const h1 = document.querySelectorAll("h1").length;
  if (h1 !== 1) wrong.push(`${h1} h1`);
  if (!here.lang) wrong.push("no lang");
  if (!["ltr", "rtl"].includes(here.dir)) wrong.push("no dir");
  if (!/[^ –-] [–-] [^ ]/.test(document.title)) wrong.push(`the title is “${document.title}”`);
  for (const it of all) {
    if (it.hasAttribute("style")) wrong.push(`inline style: ${it.outerHTML.slice(0, 80)}`);
    if (it.localName === "style") wrong.push("a style element");
    if (it.localName === "script" && it.textContent.trim()) wrong.push("script text");
    for (const name of it.getAttributeNames()) if (name.startsWith("on")) wrong.push(`${name} on ${it.localName}`);
  }
  const names = all.filter(it => it.id).map(it => it.id);
  const twice = names.filter((id, no) => names.indexOf(id) !== no);
  if (twice.length) wrong.push(`twice the id ${twice}`);
  return wrong;
}"""

SIDEWAYS = """() => {
  const here = document.documentElement;
  if (here.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter(it => it.getBoundingClientRect().right > innerWidth + 1);
  return [`it scrolls sideways, to ${here.scrollWidth}: ${wide.slice(0, 3).map(it => it.outerHTML.slice(0, 80)).join(" | ")}`];
}"""

# A link in running text is as high as its line; a box or a radio is as high as the label around it.
SMALL = """least => {
  const wrong = [];
  const shown = it => it.checkVisibility() && it.getBoundingClientRect().width > 2;
  const running = it => it.localName === "a" && getComputedStyle(it).display === "inline" &&
    [...it.parentElement.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  for (const it of document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")) {
    if (!shown(it) || running(it)) continue;
    const box = (it.closest("label") || it).getBoundingClientRect();
    if (Math.round(box.height) < least) wrong.push(`${Math.round(box.height)} px high: ${it.outerHTML.slice(0, 100)}`);
  }
  return wrong;
}"""


SKELETON = r"""() => {
  const words = new Set(["href", "src", "action", "value", "id", "title", "datetime", "content", "alt", "placeholder",
    "aria-label", "aria-valuenow", "aria-valuetext"]);
  const refers = new Set(["for", "headers", "form", "list", "aria-labelledby", "aria-describedby", "aria-controls",
    "aria-owns", "aria-details", "aria-errormessage", "aria-activedescendant"]);
  const told = ({name, value}) => {
    if (refers.has(name)) return value.trim().split(/\s+/).map(id => document.getElementById(id)?.localName ?? "!").join();
    if (words.has(name) || name.startsWith("data-")) return value.trim() ? "…" : "";
    return value.replace(/\d+/g, "0");
  };
  const bones = it => {
    const parts = new Set();
    const add = one => parts.add(parts.has(one) ? `several ${one}` : one);
    for (const n of it.childNodes) {
      if (n.nodeType === 1) add(bones(n));
      if (n.nodeType === 3 && n.data.trim()) parts.add("…");
    }
    const marks = [...it.attributes].map(one => `${one.name}=${told(one)}`).sort().join(" ");
    return `<${it.checkVisibility() ? "" : "hidden "}${it.localName} ${marks}>${[...parts].join("")}</>`;
  };
  return bones(document.documentElement);
}"""
"""Each element with its attributes, whether it is shown, whether words stand in it, and whether what it refers to is there.

Left out is what axe-core does not judge by: which words, which numbers, and how many siblings are alike beyond the second,
whose distance from the first it measures.
"""


DRESSES = """() => {
  const below = new Map(), first = {};
  const ground = it => {
    if (!it) return "";
    if (!below.has(it)) {
      const look = getComputedStyle(it);
      const own = [look.backgroundColor, look.backgroundImage, look.opacity, look.filter, look.mixBlendMode, look.position];
      const plain = own.join() === "rgba(0, 0, 0, 0),none,1,none,normal,static";
      below.set(it, ground(it.parentElement) + (plain ? "" : ` on ${own}`));
    }
    return below.get(it);
  };
  const controls = ["input", "select", "textarea", "button"];
  document.querySelectorAll("*").forEach((it, no) => {
    const written = [...it.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || controls.includes(it.localName);
    if (!written || !it.checkVisibility()) return;
    const look = getComputedStyle(it);
    const letters = [look.color, look.fontSize, look.fontWeight, look.textShadow];
    first[`${letters}${ground(it)}${it.matches(":disabled") ? " disabled" : ""}`] ??= no;
  });
  return first;
}"""
"""How letters are dressed on this page, each with the number of the first element that wears it.

It is all that the contrast of a text follows from: its colour, size and weight, and what its ancestors lie on.
"""


@cache
def axe() -> str:
    """The source of axe-core, from the wheel's file; the wheel itself is not run."""
    found = importlib.util.find_spec("axe_playwright_python")
    assert found
    assert found.origin
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def faults(page: Page, *, least: int = 0, known: set[str] | None = None) -> list[str]:
    """What is wrong with the page in front of us: how it is laid out, and what axe-core finds."""
    return laid_out(page, least=least) + judged(page, known)


def laid_out(page: Page, *, least: int = 0) -> list[str]:
    """What is wrong with how the page is built and laid out at both widths. `least`: how high a target is, in pixels."""
    wrong: list[str] = []
    now = (page.viewport_size or {"width": 0})["width"]
    for no, width in enumerate(sorted(WIDTHS, key=lambda width: width != now)):  # each turn lays the page out anew
        turn(page, width)
        asked = [STRUCTURE] * (not no) + [SIDEWAYS] + [SMALL] * (bool(least) and width == WIDTHS[0])
        found = page.evaluate(f"least => [{', '.join(f'...({one})(least)' for one in asked)}]", least)
        wrong += [f"at {width}: {one}" for one in found]
    return wrong


def turn(page: Page, width: int) -> None:
    """Make the page as wide as this."""
    if page.viewport_size != (size := ViewportSize(width=width, height=800)):
        page.set_viewport_size(size)


def judged(page: Page, known: set[str] | None = None) -> list[str]:
    """What axe-core finds, at both widths; with `known`, at the width of the page's language, on a skeleton that is new.

    `known` holds the skeletons and the dresses of letters that it was asked about before; those of this page are added.
    Contrast is four fifths of what axe-core takes, and is asked once for each dress. Scripts go in through the debugger,
    as the developer tools' console would: the page's own policy stays as it is.
    """
    wrong: list[str] = []
    asked = WIDTHS if known is None else ASKED.get(page.evaluate("document.documentElement.lang"), WIDTHS)
    ready = False
    for width in asked:
        turn(page, width)
        dressed: list[int] | None = None
        if known is not None:
            bones = f"{width} {page.evaluate(SKELETON)}"
            if bones in known:
                continue
            dresses = {f"{width} {dress}": no for dress, no in page.evaluate(DRESSES).items()}
            dressed = [no for dress, no in dresses.items() if dress not in known]
            known |= {bones, *dresses}
        if not ready:
            page.evaluate(axe())
            ready = True
        wrong += [f"at {width}: {one}" for one in page.evaluate(RUN_AXE, [list(TAGS), dressed])]
    return wrong
