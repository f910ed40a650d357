// What is live on a page: when the server tells of a change, the page is asked for again, and in the
// parts marked data-live what differs is put in place, row by row. Without this file every page
// works; it is only older.
import { href, path } from "./here.js";
import { post, unsent } from "./post.js";

const line = document.getElementById("line");
const parts = () => document.querySelectorAll("[data-live]");
let heard = Date.now(), busy = false, again = false, source = null, polling = 0;

function show(state) {
  if (line) line.dataset.state = state;
  document.documentElement.classList.toggle("is-stale", state === "off");
}

async function refresh() {
  if (busy) { again = true; return; }
  busy = true;
  try {
    // a page without live parts only asks whether the server is there and the session stands: what it
    // shows may be written down each time somebody looks
    const reply = await fetch(parts().length ? location.href : href("/api/v1/me"), { headers: { Accept: "text/html" } });
    if (reply.status === 401 || reply.redirected && path(reply.url) === "/sign-in") {
      location.assign(href("/sign-in?next=") + encodeURIComponent(path()));
      return;
    }
    if (reply.ok && parts().length) {
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      for (const old of parts()) put(old, page.getElementById(old.id));
    }
    if (reply.ok) {
      heard = Date.now();
      if (!source) show(""); // asked for, not told
    }
  } catch {
    // the line's state tells it
  } finally {
    busy = false;
    if (again) { again = false; setTimeout(refresh, 500); }
  }
}

// Nobody loses what they hold: a part keeps its nodes, and with them focus, what was typed, what is
// unfolded and where it was scrolled to. Only what differs is touched.
function put(old, fresh) {
  if (!fresh || old.isEqualNode(fresh)) return;
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const row = held?.closest("li, tr"), next = row?.nextElementSibling ?? row?.previousElementSibling;
  morph(old, fresh);
  if (held?.isConnected && document.activeElement !== held) held.focus({ preventScroll: true }); // its row went elsewhere
  if (!held || held.isConnected) return;
  const heir = next?.isConnected ? next.querySelector("button, a") : null; // the row under the finger went
  if (!heir) old.tabIndex = -1;
  (heir ?? old).focus({ preventScroll: true });
}

function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes])
    if (!fresh.hasAttribute(name) && !(name === "open" && old.localName === "details")) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const nodes = [...fresh.childNodes];
  let at = old.firstChild;
  for (const [i, node] of nodes.entries()) {
    const match = partner(at, node, nodes.slice(i + 1));
    if (!match) {
      old.insertBefore(node, at);
      mark(node);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    if (match.nodeType !== Node.ELEMENT_NODE) match.data = node.data;
    else if (!match.isEqualNode(node)) {
      morph(match, node);
      mark(match);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

// The node that stands for this one: the row of the same thing; else one that says the same; else,
// where neither is of a thing, the one in its place, unless that one is still to come.
const thing = (node) => node.id || node.dataset?.key;
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && thing(a) === thing(b);
function partner(at, node, rest) {
  for (let x = at; x; x = x.nextSibling)
    if (alike(x, node) && (thing(node) || x.isEqualNode(node))) return x;
  return at && !thing(node) && alike(at, node) && !rest.some((x) => x.isEqualNode(at)) ? at : null;
}

// A row that came or changed is seen as such for a while; nothing blinks.
function mark(node) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (still || node.nodeType !== Node.ELEMENT_NODE || !node.matches("li, tr")) return;
  const color = getComputedStyle(document.documentElement).getPropertyValue("--fresh");
  node.animate([{ backgroundColor: color }, {}], { duration: 4000, easing: "ease-in" });
}

function listen() {
  clearTimeout(polling);
  source = new EventSource(href("/api/v1/live"));
  const alive = () => { heard = Date.now(); show("on"); };
  for (const name of ["hello", "beat"]) source.addEventListener(name, alive);
  for (const name of ["alert", "case", "shift", "matter", "form", "notice", "all"])
    source.addEventListener(name, () => { alive(); refresh(); });
  source.addEventListener("picture", () => { alive(); if (document.querySelector("[data-picture]")) refresh(); });
  source.addEventListener("full", () => { source.close(); source = null; show(""); }); // too many tabs: this one asks
  source.onerror = () => {
    if (source.readyState !== EventSource.CLOSED) return;
    source = null;
    polling = setTimeout(listen, 10000);
    refresh();
  };
}

async function send(event) {
  const form = event.target;
  if (!form.matches("form[data-act]")) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const { taken, show } = await post(form, new URLSearchParams(new FormData(form)));
    if (!taken) return show();
    await refresh();
    form.removeAttribute("aria-busy");
  } catch {
    unsent(form);
  }
  button.disabled = false;
}

if (line) {
  document.addEventListener("submit", send);
  listen();
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !source) { listen(); refresh(); } });
  setInterval(() => { if (Date.now() - heard > 60000) show("off"); }, 5000);
  setInterval(refresh, 55000); // ages grow
}
