// A form that a script sends is posted once: what the server answers stands in the page's place, as if
// the browser had gone there, and is not asked for again.
import { href, path } from "./here.js";

const note = document.getElementById("unsent");

// Who looks after something on the page hears that it is another one.
function turnTo(main, title) {
  document.body.append(note); // it may stand in what goes
  document.getElementById("main").replaceWith(main);
  document.title = title;
  document.dispatchEvent(new Event("turned"));
  main.tabIndex = -1;
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function answer(reply) {
  if (reply.redirected) {
    const out = path(reply.url) === "/sign-in"; // the session is over: nothing was taken
    const to = out ? href("/sign-in?next=") + encodeURIComponent(path()) : reply.url;
    return { taken: !out, show: () => location.assign(to) };
  }
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const main = page.getElementById("main");
  if (!main) throw new Error("the answer is not the desk's"); // but of a proxy before it
  return { taken: reply.ok, show: () => turnTo(main, page.title) };
}

/** Resolves to whether the server took it, and to what shows its answer; without one of the desk's it
 *  is rejected. The form is busy until then, or until the page after it. */
export async function post(form, body) {
  note.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    return await answer(await fetch(form.action, { method: "POST", body }));
  } catch (error) {
    form.removeAttribute("aria-busy");
    throw error;
  }
}

/** Says at the form that nothing was sent. */
export function unsent(form) {
  note.hidden = false;
  form.append(note);
}
