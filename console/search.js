// "Tra cứu", live: what comes and the query finds stands at the top of the list as soon as it is there.
// Without this file the page looks again by itself.
import { href } from "./here.js";

const line = document.getElementById("listening");
const list = document.getElementById("search-events"), count = document.getElementById("search-count");
const MOST = 500; // rows that stay
// as the server writes times, in its zone
const clock = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = new Intl.DateTimeFormat("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", day: "2-digit", month: "2-digit", year: "numeric" });
const spoken = (at) => `${clock.format(at)} ${day.format(at)}`;

function add(hit) {
  const row = document.createElement("li"), when = document.createElement("p"), body = document.createElement("div");
  const source = document.createElement("p"), text = document.createElement("p");
  row.dataset.testid = "search-hit";
  for (const [node, name, words] of [[when, "when", spoken(new Date(hit.at))], [source, "kind", hit.source], [text, "code", hit.text]]) {
    node.className = name;
    node.textContent = words;
  }
  body.append(source, text);
  row.append(when, body);
  list.prepend(row);
  while (list.children.length > MOST) list.lastElementChild.remove();
}

function more(n) {
  if (count) count.textContent = Number(count.textContent) + n;
}

if (line && list) {
  const query = new URLSearchParams(location.search);
  query.set("from", line.dataset.from);
  const source = new EventSource(href("/api/v1/search/live?") + query);
  const show = (state) => { line.dataset.state = state; };
  for (const name of ["hello", "beat"]) source.addEventListener(name, () => show("on"));
  source.addEventListener("hit", (event) => { show("on"); add(JSON.parse(event.data)); more(1); });
  source.addEventListener("passed", (event) => {
    const passed = document.getElementById("passed"), sum = passed.querySelector("b"), n = JSON.parse(event.data).count;
    passed.hidden = false;
    sum.textContent = Number(sum.textContent) + n;
    more(n);
  });
  for (const name of ["end", "bye", "full"]) source.addEventListener(name, () => { source.close(); show("end"); });
  source.onerror = () => show(source.readyState === EventSource.CLOSED ? "end" : "off");
}
