// What is typed into the text of a form marked data-keep outlives the page, a lost network and the
// session: it is kept on this machine for whoever wrote it, until the server took it, or somebody signs
// out here. Nothing is sent twice: without an answer the text stays, and whoever wrote it presses again.
// Without this file a form is sent as any other.
import { post, unsent } from "./post.js";

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

async function send(event) {
  const form = event.target, button = event.submitter;
  const body = new URLSearchParams(new FormData(form));
  event.preventDefault();
  if (button?.name) body.append(button.name, button.value);
  if (button) button.disabled = true;
  try {
    const { taken, show } = await post(form, body);
    if (taken) for (const field of texts(form)) forget(at(field));
    show();
  } catch {
    if (button) button.disabled = false;
    unsent(form);
  }
}

function restoreAll() {
  for (const form of document.querySelectorAll("form[data-keep]")) texts(form).forEach(restore);
}

restoreAll();
document.addEventListener("turned", restoreAll);
document.addEventListener("input", (event) => {
  if (event.target.matches("form[data-keep] textarea[id]")) keep(event.target);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-keep]")) send(event);
  if (event.target.matches('form[action$="/sign-out"], form[action$="/me/out"]'))
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix)) forget(key);
});
