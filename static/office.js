// Only an improvement: j and k go down and up the list, Enter opens (it is a link), / goes to the search.
// Single keys get in the way of those who speak to their computer, so they can be switched off (WCAG 2.1.4).
"use strict";

// Of the lists that ask for several, only those that are filled and the next one show.
(() => {
  const more = [...document.querySelectorAll("select[name^='other_respondents-']")];
  const show = () => {
    const used = more.reduce((last, list, no) => (list.value ? no : last), -1);
    more.forEach((list, no) => { list.closest(".field").hidden = no > used + 1; });
  };
  more.forEach((list) => list.addEventListener("change", show));
  show();
})();

(() => {
  const bar = document.querySelector(".keys");
  const links = [...document.querySelectorAll(".list tbody a")];
  const field = document.getElementById("q");
  const key = "keys";
  if (!bar) return;

  const stored = () => { try { return localStorage.getItem(key); } catch { return null; } };
  const store = (value) => { try { localStorage.setItem(key, value); } catch { /* it holds for this page */ } };
  let on = stored() !== "off";

  const button = bar.querySelector("button");
  const show = () => {
    button.textContent = on ? bar.dataset.off : bar.dataset.on;
    bar.querySelector("span").hidden = !on;
  };
  button.addEventListener("click", () => { on = !on; store(on ? "on" : "off"); show(); });
  bar.hidden = false;
  show();

  const step = (by) => {
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
    if (next) { next.focus(); next.scrollIntoView({ block: "nearest" }); }
  };

  document.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea")) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/" && field) field.focus();
    else return;
    event.preventDefault();
  });
})();
