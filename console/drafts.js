// What is typed into a form outlives the page and the network: it is kept on this machine until it
// was sent. Sending again sends nothing twice: the server knows what stands. Without this file a
// form is sent as any other.
import { post } from "./post.js";

const prefix = "canh-draft:";
let form = null, key = null;

const note = (name, shown) => {
  const at = document.querySelector(`[data-note="${name}"]`);
  if (at) at.hidden = !shown;
};
const kept = (at) => { try { return JSON.parse(localStorage.getItem(at)); } catch { return null; } };
const forget = (at) => { try { localStorage.removeItem(at); } catch { /* nothing is kept here */ } };

// What nobody touched stays out: it may have changed where it stands.
const touched = (field) => field.type === "checkbox" ? field.checked !== field.defaultChecked
  : field.options ? [...field.options].some((o) => o.selected !== o.defaultSelected && (o.value || o.defaultSelected))
    : field.value !== field.defaultValue;

function typed() {
  const values = {}, all = form.hasAttribute("data-typed");
  for (const field of form.elements)
    if (/^[fn]\./.test(field.name) && (all || touched(field)))
      values[field.name] = field.type === "checkbox" ? field.checked : field.value;
  return values;
}

function keep(waits) {
  try {
    localStorage.setItem(key, JSON.stringify({ base: form.elements.base.value, values: typed(), waits }));
  } catch { /* no room: the form is sent as any other */ }
}

// 1.234 and 1234 are the same number, 1,5 and 15 are two.
const plain = (field, text) => field.inputMode ? text.trim().replace(/[.\s](?=\d{3}(?!\d))/g, "") : text.trim();

/** Puts back what was typed; says of each field in which something else stands what that is. */
function putBack(values, overtaken) {
  let changed = 0;
  for (const field of form.elements) {
    if (!(field.name in values)) continue;
    const typed = values[field.name], tick = field.type === "checkbox";
    if (tick ? field.checked === typed : plain(field, field.value) === plain(field, typed)) continue;
    const say = document.getElementById(field.getAttribute("aria-describedby"));
    changed++;
    if (overtaken && say) {
      const stands = field.selectedOptions ? field.selectedOptions[0].text : field.value;
      say.prepend(Object.assign(document.createElement("b"),
        { className: "warn", textContent: `${form.dataset.stands} ${stands || "–"} ` }));
    }
    if (tick) field.checked = typed;
    else field.value = typed;
  }
  return changed;
}

function restore() {
  const draft = kept(key);
  if (!draft) return;
  // somebody sent another one meanwhile, or this one came through
  const overtaken = draft.base !== form.elements.base.value;
  if (!putBack(draft.values, overtaken) && overtaken) { forget(key); return; }
  note(overtaken ? "overtaken" : "restored", true);
  if (overtaken) keep(false);
  else if (draft.waits) send();
}

let sending = false;
async function send() {
  if (sending) return;
  sending = true;
  try {
    const { taken, show } = await post(form, new FormData(form));
    if (taken) forget(key);
    else keep(false);
    show(); // the page after it, or what is wrong
  } catch {
    keep(true);
    note("waits", true);
    setTimeout(again, 15000);
  } finally {
    sending = false;
  }
}

const again = () => { if (form && kept(key)?.waits) send(); };

function begin() {
  form = document.querySelector("form[data-draft]");
  if (!form) return;
  key = prefix + location.pathname + ":" + form.dataset.draft;
  if (!form.hasAttribute("data-typed")) restore();
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(true);
    send();
  });
}

begin();
document.addEventListener("turned", begin);
addEventListener("online", again);
