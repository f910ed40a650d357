// What is live on a page: when the server tells of a change, the page is asked for again and the
// parts marked data-live are put in place. Without this file every page works; it is only older.
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
    const reply = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (reply.redirected && new URL(reply.url).pathname === "/sign-in") {
      location.assign("/sign-in?next=" + encodeURIComponent(location.pathname));
      return;
    }
    if (reply.ok) {
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      for (const old of parts()) put(old, page.getElementById(old.id));
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

// Nobody loses the button under their finger: what has the focus keeps it.
function put(old, fresh) {
  if (!fresh || old.isEqualNode(fresh)) return;
  const at = document.activeElement;
  const form = old.contains(at) && at.closest("form") ? at.closest("form").getAttribute("action") : null;
  old.replaceWith(fresh);
  if (form) {
    for (const f of fresh.querySelectorAll("form"))
      if (f.getAttribute("action") === form) f.querySelector("button")?.focus();
  }
}

function listen() {
  clearTimeout(polling);
  source = new EventSource("/api/v1/live");
  const alive = () => { heard = Date.now(); show("on"); };
  for (const name of ["hello", "beat"]) source.addEventListener(name, alive);
  for (const name of ["alert", "case", "shift", "matter", "form", "notice", "all"])
    source.addEventListener(name, () => { alive(); refresh(); });
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
    const reply = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
    });
    if (!reply.ok) throw new Error(String(reply.status));
    await refresh();
  } catch {
    form.submit(); // the server's page says what is wrong
  } finally {
    button.disabled = false;
  }
}

if (line) {
  document.addEventListener("submit", send);
  listen();
  document.addEventListener("visibilitychange", () => { if (!document.hidden && !source) { listen(); refresh(); } });
  setInterval(() => { if (Date.now() - heard > 60000) show("off"); }, 5000);
  setInterval(refresh, 55000); // ages grow
}
