// SPDX-License-Identifier: Apache-2.0
// The console's boundaries, asked without a browser: api.mjs DESK_HOST [NAME…]. TAP.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import https from "node:https";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { dirname, resolve, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, PASSWORD, startDesk } from "./host.mjs";
import { finish, is, ok, surprise } from "./tap.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const desk = await startDesk(process.argv[2]);
const people = new Map();

/** Who signed in once stays so. */
async function as(login) {
  if (!people.has(login)) {
    const who = new Client(desk);
    is((await who.signIn(login)).status, 200, `${login} signs in`);
    people.set(login, who);
  }
  return people.get(login);
}

const api = JSON.parse(readFileSync(join(root, "console/openapi.json"), "utf8"));

const LOG = "Nov 29 12:00:00 a sshd[7]: Failed password for root from 203.0.113.7 port 22 ssh2\n";

// What each role may: its row. Everybody else's things are there for nobody.
const ROWS = {
  observer: { read: 200, personal: 403, write: 403 }, official: { read: 403, write: 403, reader: 200 },
  duty: { read: 200, write: 200, tech: 403, decide: 403 }, sysadmin: { read: 200, write: 200, decide: 403 },
  head: { read: 200, write: 200 }, responder: { read: 200, write: 200, tech: 403, decide: 403 },
  coordinator: { read: 200, write: 200 }, admin: { read: 200, write: 200 },
};
// Calls that only who looks after the machines may make.
const TECHNICAL = ["suppress", "end", "test"];
// Calls of whoever reads notices.
const READING = ["get notices", "post read"];
// Who reads the work only is told nobody's name and leave.
const PERSONAL = ["people", "contacts", "approvals", "team"];
// Calls that only who decides may make.
const DECIDING = ["approve", "post notices", "remind"];
const EVERYBODYS = ["/api/v1/me", "/api/v1/session"];
// A body that each call takes, by the last part of its path.
const BODIES = {
  ack: { verdict: "seen" }, cases: { title: "thử" }, lines: { text: "thử" }, step: { support: "thử", step: "comment", text: "thử" },
  suppress: { reason: "thử", days: 1 }, requests: { to: "TINH", title: "thử" },
  notices: { title: "thử", text: "thử", unit: "XA-A" }, test: { unit: "XA-A", person: "A1" }, answer: { code: "XXXXX" },
  search: { q: "Failed", purpose: "thử" },
};

const things = async (login) => {
  const who = await as(login);
  const first = async (path) => (await who.call("GET", path)).json.items[0].id;
  const asks = (await who.call("GET", "/api/v1/approvals")).json.items;
  const ask = (kind) => asks.find((a) => a.kind === kind).id;
  const ids = { requests: await first("/api/v1/requests"), notices: await first("/api/v1/notices"), layers: ask("layers"), leaves: ask("leaves"), swaps: ask("swaps"), alerts: await first("/api/v1/alerts?show=all"), cases: await first("/api/v1/cases"),
    suppressions: await first("/api/v1/suppressions"), matters: await first("/api/v1/matters") };
  return ids;
};

function answers(name, operation, got) {
  ok(Object.keys(operation.responses).includes(String(got.status)),
    `${name} answers what openapi.json says (${got.status})`);
  if (got.status >= 400) {
    is(Object.keys(got.json).sort().join(), "code,field,message", `${name}: the error's shape`);
    return;
  }
  const schema = operation.responses["200"].content["application/json"].schema.$ref;
  for (const key of api.components.schemas[schema.split("/").pop()].required)
    ok(key in got.json, `${name} has ${key}`);
}

// What is asked of a call: on a thing of the own unit, of another one, of nothing, of nonsense.
function questions(who, role, row, path, method, operation, mine, theirs) {
  const last = path.split("/").pop(), kind = path.split("/")[3];
  const body = method === "post" ? BODIES[last] ?? null : null;
  const ask = (id, headers = who.csrf) => [method.toUpperCase(), path.replace("{id}", id).replace("{name}", "agency-daily"), body, headers];
  const name = `${role}: ${method} ${path}`;
  const want = EVERYBODYS.includes(path) ? 200
    : kind === "node" ? 403 // these see a unit of the node, and not all of it
    : READING.includes(`${method} ${last}`) ? row.reader ?? (method === "get" ? row.read : row.write)
    : last === "answer" && row.write === 200 ? 404 // no such code went to them
    : last === "remind" && (row.decide ?? row.write) === 200 ? 404 // it was issued by another unit
    : method === "get" ? (PERSONAL.includes(last) ? row.personal : undefined) ?? row.read
    : TECHNICAL.includes(last) ? row.tech ?? row.write
      : DECIDING.includes(last) || DECIDING.includes(`${method} ${last}`) ? row.decide ?? row.write : row.write;
  const list = [[ask(mine[kind]), (own) => {
    is(own.status, want, `${name} of the own unit`);
    answers(name, operation, own);
  }]];
  if (!path.includes("{id}")) return list;
  list.push([ask(theirs[kind]), (got) =>
    ok(got.status === 403 || got.status === 404, `${name} of another unit: ${got.status}`)]);
  list.push([ask("0".repeat(32)), (got) => ok(got.status < 500, `${name} of nothing is no fault of ours`)]);
  list.push([ask("x"), (got) => ok(got.status < 500, `${name} of nonsense neither`)]);
  if (method === "post" && want === 200)
    list.push([ask(mine[kind], {}), (got) => is(got.status, 403, `${name}: nothing without the form's secret`)]);
  return list;
}

// Many calls at once, a few at a time as the agent lets them.
const calls = (who, list) => Promise.all(list.map(([method, path, body, headers]) =>
  path === "/api/v1/scan" ? who.sendFile(path, "a.log", LOG) : who.call(method, path, body, headers)));

// Every path of openapi.json for every role.
async function roles() {
  const mine = await things("duty-a"), theirs = await things("duty-b");
  for (const [role, row] of Object.entries(ROWS)) {
    const who = await as(`${role}-a`);
    is((await who.call("GET", "/api/v1/me")).json?.role, role, `${role}: signed in`);
    const list = [];
    for (const [path, methods] of Object.entries(api.paths)) {
      if (["live", "session"].includes(path.split("/")[3]) || path.endsWith("/live")) continue; // streams: resuming(), searching()
      for (const [method, operation] of Object.entries(methods))
        list.push(...questions(who, role, row, path, method, operation, mine, theirs));
    }
    const got = await calls(who, list.map(([asked]) => asked));
    list.forEach(([, look], i) => look(got[i]));
    const none = await who.call("GET", "/api/v1/alerts?limit=0");
    is(none.status, row.read === 200 ? 422 : 403, `${role}: a limit that is none`);
  }
}

// Every link that a page shows leads somewhere. Of links alike but for what they name, a few are followed.
async function links(who, role) {
  const kind = (path) => path.replace(/[0-9a-f]{32}/g, "").replace(/=[^&]*/g, "");
  const counts = new Map(), known = new Map([["/", ""], ["/more", ""]]), wrong = [];
  for (const [path, from] of known) {
    const got = await who.ask("GET", path);
    if (got.status !== 200 && !(path === "/" && got.status === 303)) wrong.push(`${got.status} ${path} on ${from}`);
    if (!got.headers["content-type"]?.startsWith("text/html")) continue;
    for (const [, href] of got.text.matchAll(/<a [^>]*?href="(\/[^"#]*)/g)) {
      const to = href.replaceAll("&amp;", "&"), count = counts.get(kind(to)) ?? 0;
      if (known.has(to) || count === 4) continue;
      counts.set(kind(to), count + 1);
      known.set(to, path);
    }
  }
  ok(known.size > 5, `${role}: ${known.size} links`);
  is(wrong.join(", "), "", `${role}: each leads somewhere`);
}

// Pages, for every role: who may not is told so, nothing is a fault of ours, and what is another
// unit's is not there.
async function pages() {
  const theirs = await things("duty-b");
  const named = async (login) => (await (await as(login)).ask("GET", "/people")).text.match(/\/people\/([0-9a-f]{32})/)[1];
  const person = { a: await named("head-a"), b: await named("head-b") };
  const all = ["/alerts", "/cases", "/todo", "/forms", "/scan", "/province", "/suppressions", "/units", "/assets",
    "/findings", "/requests", "/outages", "/roster", "/plan", "/report"];
  const personal = ["/people", "/contacts", "/approvals", "/late"];
  const picture = (await (await as("head-a")).ask("GET", "/province")).text;
  ok(picture.includes("xã Giả Định A") && !picture.includes("Giả Định B") && !picture.includes("DN-VT"), "a head's picture is of their own unit");
  for (const [role, row] of Object.entries(ROWS)) {
    const who = await as(`${role}-a`);
    const status = (list) => Promise.all(list.map(async (path) => (await who.ask("GET", path)).status));
    const want = (list, one) => status(list).then((got) => is(got.join(), list.map(() => one).join(), `${role}: ${list.join(" ")}`));
    await want(all, row.read);
    await want(personal, row.personal ?? row.read);
    await want(["/more", "/notices"], 200);
    await want(["/"], row.read === 200 ? 200 : 303);
    await want(["/import/roster"], row.read !== 200 || row.write !== 200 ? 403 : row.tech ?? 200);
    if (row.read === 200)
      await want([`/alerts/${theirs.alerts}`, `/cases/${theirs.cases}`, `/cases/${theirs.cases}/report/initial`, `/requests/${theirs.requests}`,
        "/plan/cells?unit=XA-B&clause=I.1", `/forms/agency-daily?of=${theirs.alerts}`, "/plan?clause=<x>", "/forms/<x>"], 404);
    await want([`/notices/${theirs.notices}`, `/notices/${"0".repeat(32)}`], 404);
    await want([`/people/${person.a}`], row.decide ?? row.write);
    await want([`/people/${person.b}`], (row.decide ?? row.write) === 200 ? 404 : 403);
    await want(["/admin"], row.tech ?? row.write);
    await want(["/me"], 200);
    await links(who, role);
    for (const [path, fields] of [[`/swaps/${theirs.swaps}/step`, { step: "agree" }], [`/requests/${theirs.requests}/step`, { step: "comment", text: "x" }],
      ["/approvals", { pick: `leaves.${theirs.leaves}` }], [`/notices/${theirs.notices}/read`, {}], [`/people/${person.b}/grant`, { role: "duty" }],
      [`/people/${person.b}/account`, { act: "lock" }], [`/people/${person.b}/contact`, { kind: "mobile", value: "0912345678" }], [`/import/roster/apply`, { waiting: theirs.alerts }]]) {
      const got = (await who.send(path, fields)).status;
      ok([403, 404, 409, 422].includes(got), `${role}: ${path} of another unit: ${got}`);
    }
  }
}

// Reads events of the stream until there are so many, or none comes while `quiet` ms pass. A picture is
// made beside whatever else happens, so when it is renewed is nothing to count on.
const hear = (who, lastId, count, quiet = 3000) => new Promise((good, bad) => {
  const events = [];
  const request = who.request("GET", "/api/v1/live", lastId ? { "Last-Event-ID": lastId } : {}, (reply) => {
    let text = "";
    reply.on("error", () => { /* we hung up */ });
    reply.setEncoding("utf8").on("data", (part) => {
      const blocks = (text + part).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const field = (name) => block.match(new RegExp(`^${name}: (.*)$`, "m"))?.[1];
        if (field("event") && !["beat", "picture"].includes(field("event")))
          events.push({ id: field("id"), event: field("event"), data: JSON.parse(field("data")) });
      }
      if (events.length >= count) end();
    });
  });
  const timer = setTimeout(() => end(), quiet);
  const end = () => { clearTimeout(timer); request.destroy(); good(events.slice(0, count)); };
  request.on("error", (error) => error.code === "ECONNRESET" ? end() : bad(error));
  request.end();
});

async function resuming() {
  const who = await as("duty-a");
  const [hello] = await hear(who, null, 1);
  is(hello.event, "hello", "a new listener is greeted");
  for (let i = 0; i < 4; i++) desk.alert(`resume ${i}`);
  const first = await hear(who, hello.id, 4);
  is(first.length, 4, "who comes back hears what came meanwhile");
  is(new Set(first.map((e) => e.data.id)).size, 4, "each once");
  const second = await hear(who, first[1].id, 9);
  is(second.map((e) => e.id).join(), first.slice(2).map((e) => e.id).join(),
    "from where it stopped, nothing lost and nothing twice");
  is((await hear(who, first[3].id, 1, 500)).length, 0, "and nothing when nothing came");
  is((await hear(who, "abc-1", 1))[0].event, "all", "a number of another life: look at everything");
  is((await hear(who, "'; drop", 1))[0].event, "all", "nonsense: the same");
  const other = await as("duty-b");
  is((await hear(other, hello.id, 1, 500)).length, 0, "another unit hears nothing of it");
}

async function nobody() {
  const who = new Client(desk);
  for (const [path, methods] of Object.entries(api.paths))
    for (const method of Object.keys(methods)) {
      if (path === "/api/v1/session" && method === "post") continue;
      const got = await who.call(method.toUpperCase(), path.replace("{id}", "0".repeat(32)).replace("{name}", "x"),
        method === "post" ? {} : undefined);
      is(got.status, 401, `nobody: ${method} ${path}`);
    }
  const signed = await who.signIn("duty-b");
  is(signed.status, 200, "signing in by the API");
  const out = await who.call("DELETE", "/api/v1/session", undefined, who.csrf);
  is(out.status, 204, "and out");
  is((await who.call("POST", "/api/v1/session", { login: "duty-b", password: "sai mật khẩu" })).status, 403,
    "a wrong password");
  is((await who.call("POST", "/api/v1/session", [1])).status, 422, "no object");
}

// Every route of src/web/routes.c, and what nobody in good faith would send there.
const routes = [...readFileSync(join(root, "src/web/routes.c"), "utf8")
  .matchAll(/\{"(GET|POST|DELETE)",\s+"([^"]+)",[^}]*?(true|false),/g)]
  .map(([, method, path, isApi]) => ({ method, path, isApi: isApi === "true" }));
const LEFT_OUT = ["/api/v1/live", "/api/v1/session", "/sign-out", "/me/out", "/sign-in"];
const PIECES = ["x", "%00", "%ff%fe", "..%2f..%2fstate", "'%20or%201=1--", "%3Cscript%3E", "9".repeat(3000), "0".repeat(32)];
const QUERIES = ["find=%ff%fe", "month=9999-99", "month=-1", "limit=-1&cursor=%00", "of=" + "a".repeat(3000), "show=%27%3B--", "&&==&%", "clause=%3Cx%3E&unit=..%2f"];
const FORM_TYPE = "application/x-www-form-urlencoded", PARTS = "multipart/form-data; boundary=b";
const part = (head, text) => `--b\r\n${head}\r\n\r\n${text}\r\n--b--\r\n`;
const HOSTILE = [
  ["nothing at all", undefined, ""],
  ["no kind", undefined, "a=b"],
  ["a form of no text", FORM_TYPE, "%ff%fe=%00&text=%ff&title=%c3%28&a"],
  ["a thousand fields", FORM_TYPE, Array.from({ length: 1000 }, (_, i) => `f.${i}=1`).join("&")],
  ["a number that is none", FORM_TYPE, "limit=1e999&days=-1&until=32/13/2027&begin=-9223372036854775809&person=x&post=x&unit=x&step=x&to=x&text=x"],
  ["half an object", "application/json", '{"text": "a'],
  ["a list", "application/json", "[1]"],
  ["a deep object", "application/json", '{"a":'.repeat(300) + "1" + "}".repeat(300)],
  ["other kinds of values", "application/json", '{"text":{},"title":[1],"step":1e308,"days":"x","verdict":null,"verdict":true,"unit":"\\ud800"}'],
  ["parts without a bound", "multipart/form-data", part('Content-Disposition: form-data; name="file"', "a")],
  ["a part without an end", PARTS, '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nabc'],
  ["a file of a hostile name", PARTS, part('Content-Disposition: form-data; name="file"; filename="../../../etc/passwd\\0.xlsx"', "PK\u0003\u0004rác")],
  ["a part without a name", PARTS, part("Content-Type: text/plain", "a")],
];

async function hostile() {
  const who = await as("admin-a");
  const cases = async () => (await who.call("GET", "/api/v1/cases")).text;
  const before = await cases();
  const wrong = [];
  let asked = 0;
  const look = ({ method, path, isApi }, what, got) => {
    asked++;
    const shape = !isApi || got.status < 400 || (got.json && Object.keys(got.json).sort().join() === "code,field,message");
    if (got.status >= 500 || !shape) wrong.push(`${method} ${path}, ${what}: ${got.status} ${got.text.slice(0, 200)}`);
  };
  for (const route of routes.filter(({ path }) => !LEFT_OUT.includes(path))) {
    const { method, path } = route, real = path.replace("{}", "0".repeat(32));
    const list = path.includes("{}") ? PIECES.map((piece) => [piece.slice(0, 20), path.replace("{}", piece), {}]) : [];
    if (method === "GET") list.push(...QUERIES.map((query) => [query.slice(0, 20), `${real}?${query}`, {}]));
    else list.push(...HOSTILE.map(([what, type, body]) => [what, real,
      { body, headers: { ...who.csrf, ...(type ? { "Content-Type": type } : {}) } }]));
    const got = await Promise.all(list.map(([, at, options]) => who.ask(method, at, options)));
    list.forEach(([what], i) => look(route, what, got[i]));
    if (method !== "POST") continue;
    const large = await tooLarge(who, real);
    if (![401, 403, 404, 413, 429].includes(large)) wrong.push(`POST ${path}, 1 GB announced: ${large}`);
  }
  ok(routes.length > 80 && asked > 900, `${asked} hostile requests to ${routes.length} routes`);
  is(wrong.join("\n"), "", "none is a fault of ours, each is answered in the shape of its face");
  is(await cases(), before, "no case came of them");
  ok(desk.runs(), "the desk runs on");
}

// What is announced as too large is refused before it comes.
const tooLarge = (who, path) => new Promise((good) => {
  const request = who.request("POST", path, { "Content-Length": 1 << 30, "Content-Type": "application/json", ...who.csrf },
    (reply) => { good(reply.statusCode); request.destroy(); });
  request.on("error", () => good(413));
  request.write("{");
});

// Who stands is called by a number, which is told when it is asked for; papers of invented data say so.
async function papers() {
  const who = await as("duty-a"), mine = await things("duty-a");
  for (const path of ["/shift/calls", ...["initial", "progress", "closing", "situation"].map((form) => `/cases/${mine.cases}/report/${form}`)])
    ok((await who.ask("GET", path)).text.includes(">DỮ LIỆU MẪU<"), `${path.split("/").pop()}: marked as invented`);
  const drawn = async (form, ending) => (await who.ask("GET", `/cases/${mine.cases}/report/${form}/${ending}?to=Sở%20Thử`));
  for (const [form, name] of [["initial", "su-co-ban-dau"], ["progress", "su-co-dien-bien"], ["closing", "su-co-ket-thuc"], ["situation", "su-co-tinh-hinh"]]) {
    const odt = await drawn(form, "odt"), pdf = await drawn(form, "pdf");
    is([odt.status, odt.text.slice(0, 2), odt.text.includes("application/vnd.oasis.opendocument.text"), pdf.status, pdf.text.slice(0, 5)].join(),
      "200,PK,true,200,%PDF-", `${form}: drawn as ODT and PDF`);
    ok(new RegExp(`^attachment; filename="SC-\\d{4}-\\d{4}-${name}\\.odt"$`).test(odt.headers["content-disposition"]), `${form}: a file of its number and kind`);
    ok(pdf.text.includes("/FontFile"), `${form}: with its letters`);
  }
  const styles = unpack((await drawn("initial", "odt")).bytes, "content.xml").match(/<style:paragraph-properties[^>]*border-top="0.75pt[^>]*>/g) ?? [];
  ok(styles.length > 1 && styles.every((style) => !style.includes('fo:margin-left="0.00mm"')), "lines are as long as the words above them ask");
  is([(await drawn("initial", "docx")).status, (await drawn("x", "odt")).status].join(), "404,404", "no other kind");
  is((await (await as("duty-b")).ask("GET", `/cases/${mine.cases}/report/initial/pdf`)).status, 404, "nor of another unit");
  const cells = async (path) => [...(await who.ask("GET", path)).text.matchAll(/<td [^>]*>(.*?)<\/td>/gs)].map(([, text]) => text);
  const after = (list) => list[list.findIndex((text) => text.includes("Nguyễn Thị Mẫu Ẫm")) + 1].replace(/<[^>]+>/g, "");
  ok(/^\+84•+01$/.test(after(await cells("/shift/calls"))), "before that as a hint");
  is(after(await cells("/shift/calls?numbers=yes")), "0901 000 001", "then whole");
}

/** A packed file of a ZIP archive, as text. */
function unpack(zip, name) {
  let at = zip.indexOf("PK\u0001\u0002");
  while (zip.toString("utf8", at + 46, at + 46 + zip.readUInt16LE(at + 28)) !== name) at = zip.indexOf("PK\u0001\u0002", at + 46);
  const local = zip.readUInt32LE(at + 42), from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  return inflateRawSync(zip.subarray(from, from + zip.readUInt32LE(at + 20))).toString();
}

// Whatever is wrong with one field of a call is said with its name.
async function fields(head, field, mine) {
  const long = "x".repeat(1001), memo = "x".repeat(65537), marked = "Độ mật: TỐI MẬT";
  const wrong = [
    ["alerts/ID/ack", { verdict: "x" }, "verdict"], ["alerts/ID/ack", { verdict: "seen", note: marked }, "note"],
    ["alerts/ID/ack", { verdict: "false", case: "new" }, "case"],
    ["alerts/ID/suppress", { reason: "x", days: 0 }, "days"], ["alerts/ID/suppress", { days: 1 }, "reason"],
    ["alerts/ID/suppress", { reason: "x", days: 1, scope: "x" }, "scope"], ["alerts/ID/suppress", { reason: marked, days: 1 }, "reason"],
    ["cases", {}, "title"], ["cases", { title: long }, "title"], ["cases", { title: "x", class: "x" }, "class"],
    ["cases", { title: "x", level: "x" }, "level"], ["cases", { alert: "x" }, "alert"], ["cases", { alert: "0".repeat(32) }, "alert"],
    ["cases", { title: "x", text: marked }, "text"],
    ["cases/ID/lines", {}, "text"], ["cases/ID/lines", { kind: "x", text: "x" }, "kind"], ["cases/ID/lines", { kind: "report" }, "what"],
    ["cases/ID/lines", { text: memo }, "text"], ["cases/ID/lines", { kind: "observable", value: long }, "value"],
    ["cases/ID/step", { to: "x" }, "to"], ["cases/ID/step", { to: "learned" }, "to"], ["cases/ID/step", { to: "closed" }, "cause"],
    ["cases/ID/step", { version: "x", support: "x" }, "version"], ["cases/ID/step", { version: "999", support: "x" }, "version"],
    ["cases/ID/step", { title: long }, "title"], ["cases/ID/step", { cause: memo }, "cause"], ["cases/ID/step", { remedy: marked }, "remedy"],
    ["requests", { to: "TINH" }, "title"], ["requests", { to: "TINH", title: long }, "title"], ["requests", { to: "TINH", title: "x", clause: long }, "clause"],
    ["requests/ID/step", { step: "x" }, "step"], ["requests/ID/step", { step: "comment" }, "text"], ["requests/ID/step", { step: "pass", to: "x" }, "to"],
    ["notices", { text: "x", unit: "XA-A" }, "title"], ["notices", { title: "x", text: "x", unit: "XA-A", due: "x" }, "due"],
    ["notices", { title: "x", text: "x" }, "unit"], ["notices", { title: long, text: "x", unit: "XA-A" }, "title"],
    ["contacts/test", { person: "A1" }, "unit"], ["contacts/test", { unit: "XA-A", person: "x" }, "person"], ["contacts/answer", { code: "x" }, "code"],
    ["forms/agency-daily", { day: "x" }, "day"],
  ];
  for (const [path, body, name] of wrong)
    is(await field(`/api/v1/${path.replace("ID", mine[path.split("/")[0]])}`, body), name, `${path}: ${name}`);
  const asked = async (path) => (await head.call("GET", path)).json.field;
  is([await asked("/api/v1/alerts?limit=0"), await asked("/api/v1/cases?cursor=x"), await asked(`/api/v1/alerts/${mine.alerts}/events?minutes=x`)].join(),
    "limit,cursor,minutes", "and what is asked for in the address");
}

// Test calls, and help asked of the response team: of one's own, and never for another unit.
async function reach() {
  const head = await as("head-a"), other = await as("head-b"), duty = await as("duty-a"), mine = await things("duty-a");
  const page = (await head.ask("GET", "/contacts")).text;
  const person = page.match(/name="person" value="([0-9a-f]{32})"/)[1];
  const contact = page.match(/formaction="\/contacts\/([0-9a-f]{32})\/prove"/)[1];
  ok(!(await other.ask("GET", "/contacts")).text.includes(person), "another unit does not see whom to call");
  is((await other.send("/contacts/test", { person })).status, 404, "nor calls them");
  is((await other.send(`/contacts/${contact}/prove`, {})).status, 404, "nor says that they answered");
  const asked = async () => (await head.send("/contacts/test", { person })).headers.location;
  ok((await asked()).includes("asked=1"), "one is called");
  ok((await asked()).includes("asked=0&waiting=1"), "and not twice within the hour");
  const field = async (path, body) => (await head.call("POST", path, body, head.csrf)).json.field;
  const tested = await head.call("POST", "/api/v1/contacts/test", { unit: "XA-A", person: "A1" }, head.csrf);
  ok(["asked", "waiting", "no-way"].includes(tested.json.outcome), `the API says what became of it: ${tested.text}`);
  is(await field("/api/v1/cases", { text: "x" }), "title", "an error of the API names its field");
  is([await field("/api/v1/requests", { title: "x", to: "không có" }), await field("/api/v1/notices", { title: "x", text: "x", unit: "không có" })].join(),
    "to,unit", "as that call names it");
  await fields(head, field, mine);
  const foreign = await head.call("DELETE", "/api/v1/session", undefined, { "X-CSRF-Token": "x" });
  is([foreign.status, foreign.json.field].join(), "403,", "a page of another session ends none, and that is no fault of the login");
  is((await head.send("/contacts/test", {})).status, 422, "nobody ticked: it says so");
  const wrong = await duty.send("/contacts", { code: "XXXXX" });
  ok(wrong.status === 422 && wrong.text.includes('value="XXXXX"'), "a wrong code stays to be mended");
  is((await head.send(`/contacts/${contact}/prove`, {})).status, 303, "somebody dialled, and it was answered");
  const team = (await duty.ask("GET", `/team?case=${mine.cases}`)).text;
  const member = team.match(/name="member" value="([0-9a-f]{32})"/)[1];
  is((await other.send("/team/ask", { member, case: mine.cases, text: "thử" })).status, 404, "help is not asked for another unit's case");
  const got = await duty.send("/team/ask", { member, case: mine.cases, text: "xem máy chủ" });
  const number = decodeURIComponent(got.headers.location.split("=")[1]);
  ok((await duty.ask("GET", `/cases/${mine.cases}`)).text.includes(number), "the timeline says who was asked for help");
  ok((await duty.ask("GET", "/team")).text.includes(number), "and the clock of the acceptance runs");
  is((await duty.send("/team/say", { away: "1" })).status, 403, "who is no member says nothing of themselves");
  const responder = await as("responder-a");
  is((await responder.send("/team/say", { away: "1", note: "đi công tác" })).status, 303, "a member cannot come");
  ok((await duty.ask("GET", "/team")).text.includes("đi công tác"), "and it is seen");
  is((await responder.send("/team/say", {})).status, 303, "and can again");
}

// What a page says is kept for all of a role at a unit: nobody else's secret, and nothing that is over.
async function kept() {
  const one = new Client(desk), two = new Client(desk), other = await as("duty-b");
  for (const who of [one, two]) is((await who.signIn("duty-a")).status, 200, "one of two signs in");
  const page = async (who, path = "/requests") => (await who.ask("GET", path)).text;
  const has = (text, who) => text.includes(who.csrf["X-CSRF-Token"]);
  const first = await page(one), again = await page(two);
  ok(has(first, one) && !has(first, two) && has(again, two) && !has(again, one), "each has the secret of their own forms");
  for (const title of ["vừa hỏi", "hỏi nữa"]) {
    is((await two.call("POST", "/api/v1/requests", { to: "TINH", title }, two.csrf)).status, 200, "one of them writes");
    ok((await page(two)).includes(title) && (await page(one)).includes(title), "which both see at once");
    ok(!(await page(other)).includes(title), "and another unit does not");
  }
  ok((await page(one, "/requests?find=x")).includes("hỏi nữa"), "whatever was asked for");
  is((await (await as("observer-a")).ask("GET", "/team")).status, 403, "who only reads is not told who is away");
}

// A session that is another's, made up, or over is nobody's.
async function sessions() {
  const one = new Client(desk), two = new Client(desk), thief = new Client(desk);
  for (const who of [one, two]) is((await who.signIn("duty-a")).status, 200, "one of two signs in");
  const me = async (cookie) => { thief.cookie = cookie; return (await thief.call("GET", "/api/v1/me")).status; };
  const write = (cookie, csrf) => { thief.cookie = cookie; return thief.call("POST", "/api/v1/requests", { to: "TINH", title: "trộm" }, csrf); };
  const [name, token] = one.cookie.split("; ").find((part) => part.startsWith("__Host-canh=")).split("=");
  is(await me(one.cookie), 200, "its own token is good");
  for (const [what, made] of [["one letter another", token.slice(0, -2) + (token.at(-2) === "A" ? "B" : "A") + token.at(-1)],
    ["cut", token.slice(0, 20)], ["too long", token.repeat(60)], ["none", ""], ["a path", "../../state"], ["the form's secret", one.csrf["X-CSRF-Token"]]])
    is(await me(`${name}=${made}`), 401, `a token that is ${what}: nobody`);
  is((await write(one.cookie, {})).status, 403, "a stolen cookie alone changes nothing");
  is((await write(one.cookie, two.csrf)).status, 403, "nor with the secret of another session");
  is((await write(one.cookie, { ...one.csrf, Origin: "https://xau.example" })).status, 403, "nor from another page");
  const fixed = new Client(desk);
  fixed.cookie = `${name}=${"A".repeat(43)}`;
  await fixed.signIn("duty-a");
  ok(!fixed.cookie.includes("A".repeat(43)) && await me(`${name}=${"A".repeat(43)}`) === 401, "a token that was there before signing in is never taken on");
  is((await one.call("DELETE", "/api/v1/session", undefined, one.csrf)).status, 204, "one signs out");
  is(await me(one.cookie), 401, "their token is worth nothing");
  is((await write(one.cookie, one.csrf)).status, 401, "with the secret, too");
  is(await me(two.cookie), 200, "the other session of the same account goes on");
}

// So many may be decided at once, and more is told as that.
async function ticks() {
  const who = await as("head-a");
  const decide = (count) => who.ask("POST", "/approvals", { headers: { "Content-Type": FORM_TYPE, ...who.csrf },
    body: `decision=approve${`&pick=leaves.${"0".repeat(32)}`.repeat(count)}` });
  const most = await decide(200), over = await decide(201);
  is(most.status, 404, "200 that there are not");
  is(over.status, 422, "201 are too many");
  ok(over.text.includes("nhiều nhất 200 mục"), "and it says so");
}

// What two accounts did counts as two hands; nobody agrees for another.
async function hands() {
  const invited = async (login) => {
    await new Client(desk).ask("POST", `/welcome/${desk.invitations[login]}`, {
      body: new URLSearchParams({ password: PASSWORD, again: PASSWORD }).toString(),
      headers: { "Content-Type": "application/x-www-form-urlencoded" } });
    return as(login);
  };
  const an = await invited("an"), binh = await invited("binh"), head = await as("head-a");
  const now = (await an.ask("GET", "/roster")).text;
  const after = [...now.matchAll(/href="(\/roster\?month=[^"]+)"/g)][1][1].replace("&amp;", "&");
  const roster = now + (await an.ask("GET", after)).text; // on the last day of a month its shifts are over
  const shift = [...roster.matchAll(/<option value="(\d+-\d+)">/g)].at(-1)[1];
  const other = roster.match(/<option value="([^"]+)">Trần Văn Thử/)[1];
  const post = roster.match(/name="post" value="([^"]+)"/)[1];
  const ids = (text) => [...text.matchAll(/action="\/swaps\/([0-9a-f]+)\/step"/g)].map((hit) => hit[1]);
  const before = ids(roster);
  is((await an.send("/roster/swap", { post, shift, other, reason: "hai tài khoản" })).status, 303, "one asks to swap");
  const id = ids((await an.ask("GET", "/roster")).text).find((one) => !before.includes(one));
  ok((await an.send(`/swaps/${id}/step`, { step: "agree" })).status >= 400, "and cannot agree for the other");
  is((await head.call("POST", `/api/v1/swaps/${id}/approve`, {}, head.csrf)).status >= 400, true, "nor is it approved before");
  is((await binh.send(`/swaps/${id}/step`, { step: "agree" })).status, 303, "the other agrees");
  is((await head.call("POST", `/api/v1/swaps/${id}/approve`, {}, head.csrf)).status, 200, "the head approves");
  const canh = resolve(dirname(process.argv[2]), "../../canh");
  const rows = execFileSync(canh, ["duty", "swap", "--json", "--state", desk.state], { encoding: "utf8" })
    .trim().split("\n").map((line) => JSON.parse(line));
  is(JSON.stringify(rows.filter((row) => row.id === id).map((row) => [row.state, row.one_hand])), '[["approved",false]]',
    "and it counts as confirmed by others");
}

// A live line from an address of this machine's own loop: no address has room for all.
const listen = (who, address) => new Promise((good, bad) => {
  const request = https.request(`${desk.url}/api/v1/live`, { agent: false, rejectUnauthorized: false,
    localAddress: address, headers: { cookie: who.cookie } }, (reply) => {
    let over = false;
    const ended = new Promise((done) => reply.on("close", () => { over = true; done(); }));
    reply.on("error", () => { /* we hung up */ }).resume();
    good({ status: reply.statusCode, ended, over: () => over, end: () => request.destroy() });
  });
  request.on("error", bad);
  request.end();
});
const statuses = (lines) => lines.map((line) => line.status);

// Lines that a session, and all together, may hold open (src/web/live.c).
const OF_ONE = 4, OF_ALL = 64, OF_AN_ADDRESS = 96; // in all 512, of this host fewer

async function live() {
  const open = [], most = process.env.CANH_SANITIZED ? OF_ONE : OF_ALL;
  while (open.length < most) {
    const who = new Client(desk);
    await who.signIn("duty-b");
    const address = `127.0.0.${2 + Math.floor(open.length / OF_AN_ADDRESS)}`;
    const lines = []; // one after the other: the first is the oldest
    while (lines.length < OF_ONE) lines.push(await listen(who, address));
    if (statuses(lines).some((status) => status !== 200)) return is(statuses(lines).join(), "", `after ${open.length} lines`);
    if (open.length === 0) {
      lines.push(await listen(who, address));
      await lines[0].ended;
      is(lines.map((line) => line.over()).join(), "true,false,false,false,false", "a fifth line of a session ends the oldest");
      lines.shift();
    }
    open.push(...lines);
  }
  const other = new Client(desk);
  await other.signIn("duty-b");
  if (most === OF_ALL) is((await listen(other, "127.0.0.99")).status, 503, `${OF_ALL} lines in all, and no more`);
  for (const line of open) line.end();
  let again = { status: 503 };
  for (let i = 0; i < 300 && again.status !== 200; i++) { // ended lines are noticed when something is told
    desk.alert(`live ${i}`);
    await new Promise((good) => setTimeout(good, 50));
    again = await listen(other, "127.0.0.99");
  }
  is(again.status, 200, "those that hung up make room");
  again.end();
}

/** Lists for Excel, and the page about a log: files, drawn apart. */
async function files() {
  const who = await as("coordinator-a"), observer = await as("observer-a");
  for (const list of ["units", "people", "assets", "findings", "statements", "contacts", "requests", "notices",
    "outages", "alerts", "cases", "probes"]) {
    const got = await who.ask("GET", `/export/${list}`);
    is([got.status, got.text.slice(0, 2), got.headers["content-disposition"]].join(), `200,PK,attachment; filename="canh-${list}.xlsx"`,
      `${list} as a workbook`);
  }
  ok((await who.ask("GET", "/units?find=a%26b%25")).text.includes('href="/export/units?find=a%26b%25"'),
    "what a list was searched for goes with it");
  is((await observer.ask("GET", "/export/people")).status, 404, "people are not for who only looks");
  is((await who.ask("GET", "/export/audit")).status, 404, "what is no list is not there");
  const mark = "canhcanh";
  const got = await who.ask("POST", "/scan", { headers: { "Content-Type": `multipart/form-data; boundary=${mark}`, ...who.csrf },
    body: `--${mark}\r\nContent-Disposition: form-data; name="as"\r\n\r\nreport\r\n--${mark}\r\nContent-Disposition: form-data; ` +
      `name="file"; filename="a.log"\r\n\r\n${LOG.repeat(20)}\r\n--${mark}--\r\n` });
  is(got.headers["content-disposition"], 'attachment; filename="canh-scan.html"', "the page about a log is a file");
  await evidence(who);
  ok(got.status === 200 && got.text.includes("<html lang=\"vi\">") && !got.text.includes("<script"), "with nothing that runs");
}

// Every list is found without tones, sorted by each of its columns, and goes out as it is shown.
async function lists() {
  const who = await as("duty-a");
  const tables = ["units", "people", "assets", "findings", "statements"].map((name) => `/${name}`)
    .concat(["alerts", "cases", "requests", "notices", "outages", "contacts"].map((name) => `/rows/${name}`));
  const column = (text, key) => {
    const at = [...text.matchAll(/data-testid="sort-([a-z_0-9]+)"/g)].map(([, name]) => name).indexOf(key);
    return [...text.matchAll(/<tr data-testid="row-[^"]*">(.*?)<\/tr>/gs)].map(([, row]) => [...row.matchAll(/<td[^>]*>(.*?)<\/td>/gs)][at][1].replace(/<[^>]+>/g, ""));
  };
  for (const path of tables) {
    const page = await who.ask("GET", path), keys = [...page.text.matchAll(/href="([^"]*sort=[^"]*)" data-testid="sort-([a-z_0-9]+)"/g)];
    ok(page.status === 200 && (keys.length > 2 || !page.text.includes("<table")), `${path}: every heading sorts`);
    for (const [, href, key] of keys) {
      const sorted = await who.ask("GET", path + href), turned = await who.ask("GET", `${path}?sort=-${key}`);
      ok(sorted.status === 200 && turned.status === 200 && sorted.text.includes('aria-sort="ascending"') && turned.text.includes('aria-sort="descending"'), `${path}: by ${key}`);
      const known = (list) => list.filter((cell) => cell !== "–").join();
      if (new Set(column(sorted.text, key)).size === column(sorted.text, key).length)
        is(known(column(turned.text, key)), known(column(sorted.text, key).reverse()), `${path}: and the other way`);
    }
    is((await who.ask("GET", `${path}?sort=không-có`)).status, 404, `${path}: by nothing that is there`);
    is((await who.ask("GET", `${path}?find=zzzkhongco`)).text.includes("<tr data-testid"), false, `${path}: nothing is found of what is not there`);
  }
  const found = await who.ask("GET", "/rows/cases?find=may+ke+toan&sort=title");
  ok(found.text.includes("Máy kế toán") && found.text.includes('href="/export/cases?find=may%20ke%20toan&amp;sort=title"'), "found without tones, and goes out as found");
  ok(found.text.match(/href="\/cases\/[0-9a-f]{32}"/), "a row leads to its page");
  is((await who.ask("GET", "/export/cases?find=may+ke+toan&sort=title")).status, 200, "as a workbook");
  const names = column((await who.ask("GET", "/people?sort=name")).text, "name"), order = new Intl.Collator("vi");
  is(names.join(), [...names].sort(order.compare).join(), "in Vietnamese order");
  is((await (await as("observer-a")).ask("GET", "/rows/people")).status, 404, "people are not for who only looks");
  is((await who.ask("GET", "/rows/audit")).status, 404, "what is no list is not there");
}

// What the journal has: why is asked first, how many when is shown, a bar leads on.
async function searching() {
  const who = await as("duty-a"), mine = (await things("duty-a")).cases;
  const ask = (query) => who.ask("GET", `/search?${query}`);
  ok((await ask("")).text.includes('data-testid="search-query"'), "a form");
  const bare = await ask("q=sshd");
  ok(bare.status === 422 && bare.text.includes("mục đích") && bare.text.includes('value="sshd"'), "nothing is looked for without a purpose, and what was typed stays");
  const found = await ask("q=sshd&purpose=thử&last=7d");
  is([found.status, (found.text.match(/<svg class="bars".*?<\/svg>/s)[0].match(/<rect /g) ?? []).length, (found.text.match(/class="code"/g) ?? []).length].join(), "200,1,2", "bars and records");
  ok(found.text.includes("&lt;b&gt;Failed") && !found.text.includes("<b>Failed"), "a log's text is text");
  ok(found.text.includes("được che") && !found.headers.refresh, "people are masked");
  const bar = found.text.match(/href="(\/search\?[^"]*from=\d+[^"]*)"/)[1].replaceAll("&amp;", "&");
  ok(bar.includes("purpose=th%E1%BB%AD") && (await who.ask("GET", bar)).status === 200, "a time of the table narrows it down");
  const number = (await who.call("GET", `/api/v1/cases/${mine}`)).json.number;
  ok(!(await ask(`q=x&case=${number}`)).text.includes("Chọn sự cố để xem đầy đủ"), "a case is a purpose");
  ok((await ask("q=x&purpose=y&live=1")).text.includes('<noscript><meta http-equiv="refresh" content="15"></noscript>'), "live looks again where there are no scripts");
  for (const [role, row] of Object.entries(ROWS)) {
    const listener = await as(`${role}-a`), may = row.personal !== 403 && row.read === 200;
    const stream = await listener.ask("GET", "/api/v1/search/live?q=sshd&purpose=thử&from=1");
    is(stream.status, may ? 200 : 403, `${role}: listens to a search${may ? "" : " no"}`);
    if (may) is((stream.text.match(/^event: hit$/gm) ?? []).length, 1, `${role}: hears what is found, once`);
  }
  const flood = (await who.ask("GET", "/api/v1/search/live?q=many&purpose=thử&from=1")).text;
  const hits = (flood.match(/^event: hit$/gm) ?? []).length, passed = Number(flood.match(/^event: passed\ndata: \{"count":(\d+)\}$/m)?.[1]);
  ok(hits >= 50 && passed > 0 && hits + passed === 201, `of what comes too fast the rest is counted: ${hits} and ${passed}`);
  for (const [query, what] of [["purpose=thử", "for nothing"], ["q=sshd", "without a reason"]])
    is((await who.ask("GET", `/api/v1/search/live?${query}`)).status, 422, `nobody listens ${what}`);
  const broken = await ask("q=(&purpose=y");
  ok(broken.status === 422 && broken.text.includes("ngoặc chưa đóng"), "what is wrong with a query is said");
  is((await (await as("observer-a")).ask("GET", "/search")).status, 403, "who only looks does not search");
}

// A log that is kept as evidence of a case: as it came, and who had it.
async function evidence(who) {
  const mine = (await things("duty-a")).cases, theirs = (await things("duty-b")).cases, mark = "canhcanh";
  const hand = (incident, name, text, clear = "") => who.ask("POST", "/api/v1/scan", {
    headers: { "Content-Type": `multipart/form-data; boundary=${mark}`, ...who.csrf },
    body: [["case", incident], ["clear", clear]].map(([field, value]) => `--${mark}\r\nContent-Disposition: form-data; name="${field}"\r\n\r\n${value}\r\n`).join("") +
      `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${text}\r\n--${mark}--\r\n` });
  const page = async () => (await who.ask("GET", `/cases/${mine}`)).text;
  const before = await page();
  is((await hand(theirs, "a.log", LOG)).status, 404, "nothing is kept for another unit's case");
  is((await hand("x", "a.log", LOG)).status, 404, "nor for none");
  is((await hand(mine, "a.exe", "MZ" + LOG)).status, 403, "nor a program");
  is((await hand(mine, "a.zip", "PK\u0003\u0004" + LOG)).json.field, "clear", "what cannot be looked into is declared first");
  is((await hand(mine, "a.log", "Độ mật: TỐI MẬT\n" + LOG)).status, 403, "nor what is marked");
  const links = (text) => [...text.matchAll(/href="(\/cases\/[0-9a-f]+\/evidence\/[0-9a-f]+)"/g)].map(([, at]) => at);
  is(links(await page()).length, links(before).length, "of all that nothing is there");
  const kept = await hand(mine, "máy kế toán.log", LOG);
  is([kept.status, kept.json.kept, kept.json.events].join(), "200,true,1", "a log is read and kept");
  const after = await page(), [link] = links(after);
  const hash = createHash("sha256").update(LOG).digest("hex");
  ok(link && after.includes(hash) && after.includes("máy kế toán.log"), "the timeline names it and its hash");
  const custody = (text) => (text.match(/class="line-custody"/g) ?? []).length;
  is(custody(after), custody(before) + 1, "and who has it");
  const copy = await who.ask("GET", link);
  is([copy.status, copy.text === LOG, copy.headers["content-disposition"]].join(), `200,true,attachment; filename*=UTF-8''${encodeURIComponent("máy kế toán.log")}`, "a copy is what came");
  is(custody(await page()), custody(after) + 1, "and stands in the timeline");
  is((await (await as("duty-b")).ask("GET", link)).status, 404, "another unit gets none");
  is((await (await as("observer-a")).ask("GET", link)).status, 403, "nor who only looks");
  is((await who.ask("GET", link.replace(/[0-9a-f]{32}$/, "0".repeat(32)))).status, 404, "nor what is not there");
  ok((await who.ask("GET", "/scan?case=" + mine)).text.includes(`<option value="${mine}" selected >`), "the page offers the case");
}

// What the node's machine tells of itself is for who sees every unit; nothing of it is a secret.
async function machine() {
  const who = await as("admin-t"), one = await as("admin-a");
  const rows = async (part, by = who) => (await by.call("GET", `/api/v1/node/${part}`)).json?.items;
  const settings = await rows("settings"), set = (name) => settings.find((row) => row.name === name);
  is([set("keep-events").value, set("keep-events").line, set("size").line].join(), "30 d,5,0", "a setting, and the line that says so");
  is(set("sms").value, "https://sms.example/…", "of an address nothing that may be a key");
  const all = (await Promise.all(["rules", "backups", "retention", "gateways", "certificates", "settings"].map((part) => rows(part)))).flat();
  ok(all.length > 30 && !JSON.stringify(all).includes("bi-mat") && !JSON.stringify(all).includes("mat-khau"), "nowhere");
  const events = (await rows("retention?days=12"))[0];
  is([events.name, events.days, events.fits].join(), "events,12,true", "what another number of days would take");
  is((await who.call("GET", "/api/v1/node/retention?days=0")).status, 422, "no days are no retention");
  is((await who.call("GET", "/api/v1/node/retention?days=x")).status, 422, "nor are words");
  const sms = (await rows("gateways")).find((row) => row.name === "sms" && row.kind === "way");
  is([sms.target, sms.key, sms.sent, sms.unknown].join(), "https://sms.example/…,false,1,1", "a gateway, and what became of its messages");
  ok((await rows("gateways")).some((row) => row.kind === "reason" && row.text === "HTTP 503"), "and why");
  ok((await rows("certificates")).some((row) => row.name === "console" && /^[0-9A-F:]{95}$/.test(row.fingerprint)), "a certificate's fingerprint");
  is((await who.call("POST", "/api/v1/node/backups", {})).status, 403, "no backup without the form's secret");
  const before = (await rows("backups")).length;
  is((await who.call("POST", "/api/v1/node/backups", {}, who.csrf)).status, 200, "a backup");
  const kept = await rows("backups");
  ok(kept.length === before + 1 && kept[1].bytes > 100000, `lies on its shelf: ${kept[1].name}`);
  ok(existsSync(join(kept[0].name, kept[1].name, "MANIFEST")), "as a whole");
  is((await (await as("coordinator-t")).call("POST", "/api/v1/node/backups", {}, (await as("coordinator-t")).csrf)).status, 403, "a coordinator makes none");
  is((await (await as("coordinator-t")).call("GET", "/api/v1/node/backups")).status, 200, "but sees them");
  for (const path of ["rules", "backup", "retention", "gateways", "keys"])
    is([(await who.ask("GET", `/admin/${path}`)).status, (await one.ask("GET", `/admin/${path}`)).status].join(), "200,403", `/admin/${path} is for who sees all`);
  ok(!(await one.ask("GET", "/admin")).text.includes("/admin/rules"), "nobody else is led there");
  const many = await who.ask("GET", "/admin/retention?days=36501");
  ok(many.status === 422 && many.text.includes("số ngày từ 1 đến 36500"), "too many days are told");
  is((await who.ask("GET", "/admin/retention?days=36500")).status, 200, "as many as may be are not");
}

// Rules from an archive: read apart, tried, and there as a whole or not at all.
async function rules() {
  const who = await as("admin-t"), folder = join(desk.state, "../rules");
  const rule = (i) => `title: Luật ${i}\nid: 00000000-0000-4000-8000-${String(i).padStart(12, "0")}\nstatus: stable\nlevel: high\ndate: 2026-10-${10 + i}\nlogsource:\n  product: linux\n  service: sshd\ndetection:\n  k: ["chuỗi lạ ${i}"]\n  condition: k\n`;
  const tar = (files) => Buffer.concat([...files.flatMap(([name, text]) => {
    const head = Buffer.alloc(512), body = Buffer.from(text);
    head.write(name, 0); head.write("0000644\0", 100); head.write("0000000\0", 108); head.write("0000000\0", 116);
    head.write(body.length.toString(8).padStart(11, "0") + "\0", 124); head.write("00000000000\0", 136); head.write("        ", 148);
    head.write("0", 156); head.write("ustar\u000000", 257);
    head.write(head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0 ", 148);
    return [head, body, Buffer.alloc((512 - body.length % 512) % 512)];
  }), Buffer.alloc(1024)]);
  const send = (by, bytes, name, more = "", path = "/admin/rules") => by.ask("POST", path, { headers: { "Content-Type": "multipart/form-data; boundary=b", ...by.csrf },
    body: Buffer.concat([Buffer.from(`${more}--b\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n`), bytes, Buffer.from("\r\n--b--\r\n")]) });
  const many = Array.from({ length: 10 }, (_, i) => [`rules/r${i}.yml`, rule(i)]);
  is((await send(await as("admin-a"), tar(many), "a.tar")).status, 403, "not by who sees one unit");
  is((await send(await as("coordinator-t"), tar(many), "a.tar")).status, 403, "nor by a coordinator");
  const garbage = await send(who, Buffer.from("PK\u0003\u0004 rác"), "rac.zip");
  ok(garbage.status === 422 && !existsSync(join(folder, "rac")), `what is no archive is refused (${garbage.status})`);
  const none = await send(who, tar([["README.md", "x"]]), "khong.tar");
  ok(none.status === 422 && none.text.includes("không có luật"), "nor one without rules");
  const broken = await send(who, tar([["a.yml", "title: x\ndetection: [\n"]]), "hong.tar");
  ok(broken.status === 422 && !existsSync(join(folder, "hong")), "nor one of which no rule can be used");
  const taken = await send(who, tar([...many, ["LICENSE", "MIT"], ["../../out.yml", rule(20)], ["bad.yml", "title: [\n"]]), "sigma.tar");
  is([taken.status, taken.headers.location].join(), "303,/admin/rules?imported=10&refused=1", "ten rules, and one that is broken");
  ok(existsSync(join(folder, "sigma/rules/r9.yml")) && !existsSync(join(folder, "../out.yml")) && !existsSync(join(folder, "../../out.yml")), "stand in their folder, nothing beside it");
  const page = (await who.ask("GET", taken.headers.location)).text;
  ok(page.includes('data-testid="rules-imported"') && page.includes(">sigma<"), "the page tells of it");
  const fewer = await send(who, tar(many.slice(0, 5)), "sigma.tar");
  ok(fewer.status === 409 && existsSync(join(folder, "sigma/rules/r9.yml")), "one that is half as large is refused");
  is((await send(who, tar(many.slice(0, 5)), "sigma.tar", '--b\r\nContent-Disposition: form-data; name="fewer"\r\n\r\n1\r\n')).status, 303, "unless that is wanted");
  ok(!existsSync(join(folder, "sigma/rules/r9.yml")) && existsSync(join(folder, "sigma/rules/r4.yml")), "then it stands alone");
  is((await send(who, tar(many), "y.tar", '--b\r\nContent-Disposition: form-data; name="name"\r\n\r\n../y\r\n')).status, 422, "a name is no way out");
  is((await send(who, tar(many), "lai.tar", "", "/api/v1/node/rules")).json?.done, true, "by the API, too");
  is((await who.call("POST", "/api/v1/node/gateways/test", {}, who.csrf)).json?.outcome, "no-way", "a test message needs a number");
  rmSync(join(folder, "lai"), { recursive: true });
  is((await who.call("GET", "/api/v1/node/rules")).json.items.filter((row) => row.kind === "collection").map((row) => `${row.name} ${row.rules}`).join(), "sigma 5", "the collections");
}

// What a browser has already is not sent again.
async function tags() {
  const who = new Client(desk);
  for (const path of ["/static/style.css", "/static/live.js", "/static/mark.svg", "/api/openapi.json"]) {
    const first = await who.ask("GET", path), tag = first.headers.etag;
    const again = (tags) => who.ask("GET", path, { headers: { "If-None-Match": tags } });
    const same = await again(tag);
    ok(/^"[0-9a-f]{16}"$/.test(tag) && first.bytes.length > 100, `${path} has a tag`);
    is([same.status, same.bytes.length, same.headers.etag].join(), `304,0,${tag}`, `${path}: the same is not sent`);
    is([(await again(`"x", W/${tag}`)).status, (await again("*")).status, (await again('"x"')).status].join(), "304,304,200", `${path}: in a list, any, another one`);
  }
}

const parts = { tags, machine, rules, searching, lists, files, hands, sessions, papers, reach, kept, ticks, roles, pages, resuming, nobody, hostile, live };
try {
  const only = process.argv.slice(3);
  for (const [name, part] of Object.entries(parts))
    if (only.length === 0 || only.includes(name)) await part();
} catch (error) {
  surprise(error);
}
desk.stop();
finish();
