// Only improvements: every page works without this file.
"use strict";
{
const here = document.documentElement;
const away = document.getElementById("leave");
const go = (event) => {
  event?.preventDefault();
  document.title = "\u200b";
  // At once: the line may be slow. And the page that was open is no step back.
  document.body.hidden = true;
  location.replace(away.href);
};
if (away) {
  let last = 0;
  away.addEventListener("click", go);
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - last < 800) go();
    last = event.timeStamp;
  });
}

// A page that the browser kept whole shows nothing by “back”: the number is gone, a case is asked for again.
const slip = document.querySelector(".receipt");
if (slip) addEventListener("pagehide", () => slip.closest("main").replaceChildren());
if (slip || document.getElementById("shut")) {
  addEventListener("pageshow", (event) => { if (event.persisted) slip ? location.assign("/follow") : location.reload(); });
}

const form = document.getElementById("complaint");
if (form) {
  const parts = [...form.querySelectorAll(".part")];
  const turns = form.querySelector(".turns");
  const [back, next] = turns.children;
  const problem = document.getElementById("problem");
  let at = -1;
  const show = (no, quiet) => {
    if (no === at) return;
    at = no;
    parts.forEach((part, i) => { part.hidden = i !== at; });
    here.classList.toggle("begun", at > 0);
    back.hidden = at === 0;
    next.hidden = at === parts.length - 1;
    if (quiet) return;
    const head = parts[at].querySelector("h2");
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  // The part is in the address, so that the phone's own “back” goes one question back and loses nothing.
  const follow = (quiet) => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const part = target && target.closest(".part");
    const wrong = parts.findIndex((p) => p.querySelector(".wrong"));
    if (part || !target) show(part ? parts.indexOf(part) : Math.max(wrong, 0), quiet);
    if (part && part !== target) {
      target.scrollIntoView();
      (target.matches("input,textarea") ? target : target.querySelector("input"))?.focus();
    }
  };
  const turn = (by) => { location.hash = "p" + (at + 1 + by); };
  here.classList.add("steps");
  turns.hidden = false;
  back.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input") && at < parts.length - 1) {
      event.preventDefault();
      turn(1);
    }
  });
  addEventListener("hashchange", () => follow(false));
  document.querySelectorAll("#problem a[href^='#']").forEach((link) => {
    link.addEventListener("click", () => { if (link.hash === location.hash) { at = -1; follow(false); } });
  });
  // What comes back by the browser's own “back” is the form that was sent: its ticket keeps the two one complaint.
  try {
    const { ticket } = form.elements;
    const came = performance.getEntriesByType("navigation")[0]?.type;
    if (came === "back_forward" && !problem) ticket.value = sessionStorage.getItem("ticket") || ticket.value;
    sessionStorage.setItem("ticket", ticket.value);
  } catch { /* no storage here: an officer joins the two */ }
  follow(true);
  problem?.focus();
  // Another language takes along what was typed, and comes back to the same part.
  document.querySelectorAll(".link").forEach((button) => {
    button.addEventListener("click", () => { button.formAction += location.hash; });
  });
}
}
