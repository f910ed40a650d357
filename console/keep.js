// What is typed into the text of a form marked data-keep outlives the page, a lost network and the
// session: it is kept on this machine for whoever wrote it, until the server took it, or somebody signs
// out here. Nothing is sent twice: without an answer the text stays, and whoever wrote it presses again.
// Without this file a form is sent as any other.
import { href, path } from "./here.js";

const prefix = "canh-draft:", who = document.querySelector("[data-who]")?.dataset.who;
const now = () => `${prefix}text:${who}:${location.pathname}`;
const texts = (form) => form.querySelectorAll("textarea[id]");
const at = (field) => `${now()}#${field.id}`;
const forget = (key) => { try { localStorage.removeItem(key); } catch { /* nothing is kept here */ } };

function keep(field) {
  if (field.value === field.defaultValue) return forget(at(field));
  try {
    localStorage.setItem(at(field), JSON.stringify({ base: field.defaultValue, text: field.value }));
  } catch { /* no room: it is lost with the page */ }
}

// Where something else stands by now, that stands.
function restore(field) {
  let kept = null;
  try { kept = JSON.parse(localStorage.getItem(at(field))); } catch { /* none */ }
  if (!kept) return;
  if (kept.base !== field.defaultValue) return forget(at(field));
  field.value = kept.text;
  field.closest("details")?.setAttribute("open", "");
}

// The answer stands where the page was, as if the browser had gone there; it is not asked for again.
function turnTo(main, title) {
  document.body.append(document.getElementById("unsent")); // it may stand in what goes
  document.getElementById("main").replaceWith(main);
  document.title = title;
  for (const form of main.querySelectorAll("form[data-keep]")) texts(form).forEach(restore);
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function send(event) {
  const form = event.target, button = event.submitter;
  const body = new FormData(form), note = document.getElementById("unsent");
  event.preventDefault();
  if (button?.name) body.append(button.name, button.value);
  if (button) button.disabled = true;
  form.setAttribute("aria-busy", "true"); // until the answer, or the page after it
  note.hidden = true;
  try {
    const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(body) });
    if (reply.redirected) {
      const out = path(reply.url) === "/sign-in"; // the session is over: nothing was taken
      if (!out) for (const field of texts(form)) forget(at(field));
      location.assign(out ? href("/sign-in?next=") + encodeURIComponent(path()) : reply.url);
      return;
    }
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const main = page.getElementById("main");
    if (!main) throw new Error("the answer is not the desk's"); // but of a proxy before it
    if (reply.ok) for (const field of texts(form)) forget(at(field));
    turnTo(main, page.title); // what was done, or what is wrong
  } catch {
    if (button) button.disabled = false;
    form.removeAttribute("aria-busy");
    note.hidden = false;
    form.append(note);
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) texts(form).forEach(restore);
document.addEventListener("input", (event) => {
  if (event.target.matches("form[data-keep] textarea[id]")) keep(event.target);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-keep]")) send(event);
  if (event.target.matches('form[action$="/sign-out"], form[action$="/me/out"]'))
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) forget(key);
});
