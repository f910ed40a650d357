// SPDX-License-Identifier: Apache-2.0
// The console in a real browser: console.mjs DESK_HOST. TAP.
import { existsSync, readFileSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { finish, is, ok, surprise } from "./tap.mjs";

const here = dirname(fileURLToPath(import.meta.url));
if (!existsSync(join(here, "node_modules/playwright-core")) ||
    !existsSync(process.env.CANH_CHROMIUM ?? "/usr/bin/chromium")) {
  console.log("1..0 # SKIP needs chromium, and `npm ci` in tests/browser");
  process.exit(0);
}
const { startDesk, openBrowser, openPage, setPassword, signIn, phoneCode, PASSWORD, seen } = await import("./desk.mjs");
const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8");

const desk = await startDesk(process.argv[2]);
const browser = await openBrowser();
const PHONE = { width: 375, height: 740 }, SCREEN = { width: 1280, height: 800 };

// The page's scripts are not let in by the policy of the page; the tester's are, in a world of
// their own.
// Under a sanitizer, which looks at the desk and not at the pages, once for each page.
const checked = new Set();
const pageOf = (url) => new URL(url).pathname.replace(/[0-9a-f]{32}/g, "ID").replace(/^\/n\/.*/, "/n/");

async function accessible(page, name) {
  await page.waitForLoadState("domcontentloaded");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  ok(wide <= 0, `${name}: nothing is wider than the screen`);
  if (process.env.CANH_SANITIZED && checked.has(pageOf(page.url()))) return;
  checked.add(pageOf(page.url()));
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send("Page.getFrameTree");
  const { executionContextId: contextId } = await session.send("Page.createIsolatedWorld",
    { frameId: frameTree.frame.id });
  const run = (expression) => session.send("Runtime.evaluate",
    { expression, contextId, awaitPromise: true, returnByValue: true });
  await run(axe);
  const { result } = await run(`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    .then((r) => JSON.stringify(r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.target).join(" | "))))`);
  is(result.value, "[]", `${name}: axe finds nothing`);
}

const call = (page, method, path, body, headers = {}) => page.evaluate(
  async ([method, path, body, headers]) => {
    const reply = await fetch(path, {
      method, headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await reply.text();
    let json = null;
    try { json = JSON.parse(text); } catch { /* a page */ }
    return { status: reply.status, json };
  }, [method, path, body, headers]);

async function passwords() {
  const page = await openPage(browser);
  await page.goto(`${desk.url}/welcome/${desk.invitations.an}`);
  await page.getByTestId("password").fill("một hai ba bốn");
  await page.getByTestId("again").fill("một hai ba năm");
  await page.getByTestId("set").click();
  ok(await seen(page.getByTestId("message")), "two passwords that differ are refused");
  await accessible(page, "welcome");
  for (const login of ["an", "binh"]) await setPassword(page, desk, login);
  const again = await page.goto(`${desk.url}/welcome/${desk.invitations.an}`);
  is(again.status(), 403, "an invitation is used once");
  await page.context().close();
}

async function thread(viewport, lang, login) {
  const page = await openPage(browser, { viewport });
  const name = `${lang} ${viewport.width}`;
  const outside = [];
  let bytes = 0;
  page.on("request", (r) => { if (!r.url().startsWith(desk.url)) outside.push(r.url()); });
  page.on("response", async (r) => { bytes += (await r.body().catch(() => "")).length; });
  const wrong = [];
  page.on("console", (m) => { if (m.type() === "error") wrong.push(m.text()); });
  page.on("pageerror", (e) => wrong.push(e.message));

  await page.goto(desk.url);
  is(new URL(page.url()).pathname, "/sign-in", `${name}: nobody comes in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  is(await page.locator("html").getAttribute("lang"), lang, `${name}: the language`);
  await accessible(page, `${name} sign-in`);
  await signIn(page, login);
  await page.getByTestId("my-shift").waitFor();
  await page.waitForLoadState("load");
  ok(bytes < 150000, `${name}: the first page is small (${bytes} bytes)`);
  is(outside.join(), "", `${name}: nothing is asked from elsewhere`);
  if (await page.getByTestId("take").count()) {
    await page.getByTestId("take").click();
    await page.getByTestId("done").waitFor();
  }
  ok(await seen(page.getByTestId("matter").first()), `${name}: what else people are called for`);
  if (await page.getByTestId("matter-take").count()) {
    await page.getByTestId("matter-take").first().click();
    await page.getByTestId("matter").locator(".state-on").waitFor();
  }
  await page.getByTestId("alive").click();
  ok(await seen(page.getByTestId("done")), `${name}: a sign of life`);
  await accessible(page, `${name} shift`);

  const title = `Cảnh báo thử <b>${name}</b> & "Ẫ ỗ ữ"`;
  const waiting = Number(await page.getByTestId("waiting").textContent());
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
  desk.alert(title);
  const row = page.getByTestId("alert").filter({ hasText: title });
  await row.waitFor();
  ok(true, `${name}: an alert comes into the open page, its title as text`);
  is(await page.getByTestId("waiting").textContent(), String(waiting + 1), `${name}: it is counted`);
  const path = await row.getByTestId("alert-link").getAttribute("href");
  await row.getByTestId("ack").click();
  await row.waitFor({ state: "detached" });
  is((await call(page, "GET", `/api/v1${path}`)).json.state, "seen", `${name}: taken by one press`);
  await page.goto(desk.url + path);
  ok(await seen(page.locator(".said .verdict")), `${name}: who took it stands there`);
  await accessible(page, `${name} alert`);
  await page.getByTestId("to-events").click();
  is(await page.getByTestId("event-count").textContent(), "2", `${name}: the events around it`);
  ok(await seen(page.getByText("<b>Failed</b>").first()), `${name}: their text as text`);
  await accessible(page, `${name} events`);
  await page.goBack();
  await page.locator('input[value="false"]').check();
  await page.getByTestId("note").fill("đã gọi phòng máy");
  await page.getByTestId("verdict").click();
  await page.getByTestId("done").waitFor();
  ok(await seen(page.getByText("đã gọi phòng máy")), `${name}: a verdict with its note`);
  is((await call(page, "GET", `/api/v1${path}`)).json.state, "closed", `${name}: closes it`);
  await page.getByTestId("nav-alerts").click();
  await accessible(page, `${name} alerts`);
  is(wrong.join(), "", `${name}: the browser has nothing to complain of`);

  const stolen = await page.context().cookies();
  await page.getByTestId("me").click();
  await page.getByTestId("sign-out").click();
  await page.getByTestId("login").waitFor();
  await page.context().addCookies(stolen);
  is((await call(page, "GET", "/api/v1/me")).status, 401, `${name}: a cookie of before is worth nothing`);
  await page.context().close();
}

// Who looks after the machines suppresses by a click, for a reason, and ends it.
async function quiet(viewport, lang) {
  const name = `${lang} ${viewport.width} quiet`;
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "sysadmin-a");
  await page.getByTestId("nav-alerts").click();
  await page.goto(desk.url + "/alerts?show=all");
  await page.getByTestId("alert-link").first().click();
  const alert = page.url();
  await page.getByTestId("suppress-open").click();
  await page.getByTestId("suppress-reason").evaluate((field) => field.removeAttribute("required"));
  await page.getByTestId("suppress").click();
  ok(await seen(page.locator("h1")) && !(await page.getByTestId("suppression").count()), `${name}: not without a reason`);
  await page.goto(alert);
  await page.getByTestId("suppress-open").click();
  await page.getByTestId("suppress-reason").fill("thử tạm tắt <i>");
  await page.getByTestId("suppress").click();
  const row = page.getByTestId("suppression").filter({ hasText: "thử tạm tắt <i>" });
  ok(await seen(row.first()), `${name}: suppressed with a reason`);
  ok(/\d{2}:\d{2}/.test(await row.first().locator(".when").textContent()), `${name}: until when`);
  ok((await row.first().textContent()).includes("sysadmin-a"), `${name}: and by whom`);
  await accessible(page, name);
  // who stands the shift sees it and ends nothing; another unit does not see it at all
  for (const [login, count] of [["duty-a", 1], ["duty-b", 0]]) {
    const other = await openPage(browser, { viewport });
    await other.goto(`${desk.url}/sign-in?next=/suppressions`);
    await signIn(other, login);
    await other.locator("h1").waitFor();
    is(await other.getByTestId("suppression").filter({ hasText: "thử tạm tắt <i>" }).count(), count, `${name}: seen by ${login}: ${count}`);
    is(await other.getByTestId("suppression-end").count(), 0, `${name}: who stands the shift ends none`);
    await other.goto(alert);
    is(await other.getByTestId("suppress-open").count(), 0, `${name}: and begins none`);
    await other.context().close();
  }
  await row.first().getByTestId("suppression-end").click();
  is(await row.count(), 0, `${name}: and ended by a click`);
  await page.goto(alert);
  ok(await seen(page.getByTestId("alert-detail")), `${name}: the alert stays`);
  await page.context().close();
}

// What the state of the day asks besides: nothing occurred, or the first thing that can be said.
async function fillRest(page) {
  for (const box of await page.locator('input[type="checkbox"]').all())
    await box.check();
  for (const id of ["firewall_on", "backup_done"])
    await page.locator(`[name="n.${id}"]`).uncheck();
  for (const field of await page.locator(".field").all()) {
    if (!(await field.locator(".must").count()) || (await field.locator('input[type="checkbox"]:checked').count()))
      continue;
    if (await field.locator("select").count()) await field.locator("select").selectOption({ index: 1 });
    else if ((await field.locator(".input input").first().inputValue()) === "")
      await field.locator(".input input").first().fill("0");
  }
}

// Two people fill one form: the second sees what the first changed, and loses no typing.
async function editors() {
  const open = async (login, options) => {
    const page = await openPage(browser, options);
    await page.goto(`${desk.url}/sign-in`);
    await signIn(page, login);
    await page.goto(`${desk.url}/forms/agency-daily`);
    return page;
  };
  const field = (page, id) => page.locator(`[name="f.${id}"]`);
  const say = (page, id) => page.locator(`[id="i.${id}-say"]`).textContent();
  const send = async (page) => { await page.getByTestId("form-send").click(); await page.getByTestId("done").waitFor(); };
  const one = await open("an", { viewport: SCREEN });
  await field(one, "pcs_total").fill("50");
  await field(one, "pcs_protected").fill("48");
  await fillRest(one);
  await send(one);
  for (const scripts of [true, false]) {
    const name = `two editors, ${scripts ? "with" : "without"} scripts`, [first, second] = scripts ? ["61", "62"] : ["63", "64"];
    await one.goto(`${desk.url}/forms/agency-daily`);
    const two = await open("binh", { viewport: PHONE, javaScriptEnabled: scripts });
    await field(two, "pcs_total").fill(second);
    await field(one, "pcs_total").fill(first);
    await field(one, "pcs_protected").fill("4" + first[1]);
    await send(one);
    await two.getByTestId("form-send").click();
    ok(await seen(two.getByTestId("message")), `${name}: the second is told`);
    is(await field(two, "pcs_total").inputValue(), second, `${name}: what they typed stays`);
    ok((await say(two, "pcs_total")).includes(`Bản đang có: ${first}`), `${name}: beside it what the first one wrote`);
    is(await field(two, "pcs_protected").inputValue(), "4" + first[1], `${name}: what they did not touch is as the first one left it`);
    if (scripts) await accessible(two, name);
    await send(two);
    await one.goto(`${desk.url}/forms/agency-daily`);
    is(await field(one, "pcs_total").inputValue(), second, `${name}: sent knowingly, it stands`);
    await two.context().close();
  }
  const two = await open("binh", { viewport: PHONE });
  await field(two, "pcs_total").fill("75");
  await field(two, "pcs_protected").fill("4,3");
  await field(one, "pcs_total").fill("74");
  await send(one);
  await two.reload();
  ok(await two.getByTestId("overtaken").isVisible(), "two editors: what was typed outlives the page, and it says that somebody sent another one");
  is(await field(two, "pcs_total").inputValue(), "75", "two editors: as it was typed");
  is(await field(two, "pcs_protected").inputValue(), "4,3", "two editors: what has the same digits is another number");
  ok((await say(two, "pcs_total")).includes("Bản đang có: 74"), "two editors: beside what stands");
  await accessible(two, "overtaken");
  await field(two, "pcs_protected").fill("43");
  await send(two);
  for (const page of [one, two]) await page.goto(`${desk.url}/forms/agency-daily`);
  await field(two, "pcs_total").fill("85");
  await field(two, "pcs_protected").fill("bốn");
  await field(one, "pcs_total").fill("84");
  await send(one);
  await two.getByTestId("form-send").click();
  ok(await seen(two.getByTestId("message")), "two editors: a wrong answer is refused first");
  await field(two, "pcs_protected").fill("43");
  await two.getByTestId("form-send").click();
  ok(await seen(two.locator(".say", { hasText: "Bản đang có: 84" })), "two editors: who was refused is told of the other one all the same");
  is(await field(two, "pcs_total").inputValue(), "85", "two editors: and keeps what they typed");
  await send(two);
  for (const page of [one, two]) await page.context().close();
}

// The technician of a commune: what must be done now, the form of the day, in one go and corrected.
async function technician(viewport, lang) {
  const name = `${lang} ${viewport.width} form`;
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "an");
  await page.getByTestId("nav-todo").click();
  ok(Number(await page.getByTestId("todo-count").textContent()) > 0, `${name}: there is something to do`);
  await accessible(page, `${name} todo`);
  await page.getByTestId("nav-forms").click();
  await accessible(page, `${name} list`);
  await page.getByTestId("form-link").filter({ hasText: /trạng thái ngày|daily state/ }).click();
  await accessible(page, name);
  await page.locator('[name="f.pcs_total"]').fill("50");
  await page.locator('[name="f.pcs_protected"]').fill("bốn mươi <b>");
  await page.getByTestId("form-send").click();
  ok(await seen(page.getByTestId("message")), `${name}: what cannot be read is said`);
  is(await page.locator('[name="f.pcs_protected"]').inputValue(), "bốn mươi <b>", `${name}: what was typed stays`);
  await accessible(page, `${name} refused`);
  await page.locator('[name="f.pcs_protected"]').fill(viewport.width > 1000 ? "48" : "47");
  await fillRest(page);
  await page.getByTestId("form-send").click();
  await page.getByTestId("done").waitFor();
  ok(await seen(page.getByTestId("form-row").locator(".state-sent").first()), `${name}: sent`);
  await page.getByTestId("form-link").filter({ hasText: /trạng thái ngày|daily state/ }).click();
  is(await page.locator('[name="f.pcs_total"]').inputValue(), "50", `${name}: what stands is there to be corrected`);
  await page.getByTestId("excel-open").click();
  await accessible(page, `${name} with Excel`);
  const sheet = (rows) => ({ name: "phiếu <1>.csv", mimeType: "text/csv", buffer: Buffer.from("\ufefffield;row;title;unit;value\r\n" + rows.map(([f, v]) => `${f};;;;${v}\r\n`).join("")) });
  await page.getByTestId("excel-file").setInputFiles(sheet([["pcs_total", "61"], ["pcs_protected", "nhiều <b>"]]));
  await page.getByTestId("excel-send").click();
  await page.getByTestId("from-file").waitFor();
  is(await page.locator('[name="f.pcs_total"]').inputValue(), "61", `${name}: a sheet from Excel is shown in the form`);
  ok(await seen(page.locator(".say .bad").first()), `${name}: what is wrong in it beside its field`);
  await accessible(page, `${name} from Excel`);
  await page.getByTestId("excel-open").click();
  await page.getByTestId("excel-file").setInputFiles({ name: "a.xlsx", mimeType: "a/b", buffer: Buffer.from("PK\u0003\u0004 rác") });
  await page.getByTestId("excel-send").click();
  await page.locator("h1").waitFor();
  is(await page.getByTestId("from-file").count(), 0, `${name}: what is no workbook is refused`);
  await page.goto(`${desk.url}/forms/agency-daily`);
  is(await page.locator('[name="f.pcs_total"]').inputValue(), "50", `${name}: nothing was sent by looking`);
  // the network goes in the middle of a form, and comes back
  await page.locator('[name="f.pcs_total"]').fill("5" + viewport.width % 10);
  await page.reload();
  is(await page.locator('[name="f.pcs_total"]').inputValue(), "5" + viewport.width % 10, `${name}: what was typed outlives the page`);
  await page.context().setOffline(true);
  await page.getByTestId("form-send").click();
  await page.getByTestId("waits").waitFor();
  await accessible(page, `${name} waits`);
  await page.context().setOffline(false);
  await page.getByTestId("done").waitFor();
  await page.goto(`${desk.url}/forms/agency-daily`);
  is(await page.locator('[name="f.pcs_total"]').inputValue(), "5" + viewport.width % 10, `${name}: sent when the network came back`);
  is(await page.getByTestId("restored").isVisible(), false, `${name}: and forgotten here`);
  if (viewport.width < 1000) await page.getByTestId("nav-more").click();
  await page.getByTestId(viewport.width < 1000 ? "more-scan" : "nav-scan").click();
  await accessible(page, `${name} scan`);
  const line = "Nov 29 12:00:00 web01 sshd[7]: Failed password for root from 203.0.113.7 port 22 ssh2\n";
  await page.getByTestId("scan-file").setInputFiles({ name: "auth<b>.log", mimeType: "text/plain", buffer: Buffer.from(line.repeat(3)) });
  await page.getByTestId("scan-send").click();
  await page.getByTestId("scan-report").waitFor();
  is(await page.getByTestId("scan-events").textContent(), "3", `${name}: a log that was dropped is read`);
  ok(await seen(page.getByTestId("scan-row").first()), `${name}: and what it means is told`);
  await accessible(page, `${name} scanned`);
  await page.getByTestId("scan-file").setInputFiles({ name: "x.bin", mimeType: "a/b", buffer: Buffer.from([0, 1, 2, 255, 254, 0, 7]) });
  await page.getByTestId("scan-send").click();
  await page.getByTestId("scan-report").waitFor();
  ok(await seen(page.locator(".note.bad").first()), `${name}: what is no log is said to be none`);
  await page.context().close();
}

// Who oversees: the picture of the province.
async function overseer(viewport, lang) {
  const name = `${lang} ${viewport.width} province`;
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "quansat");
  if (viewport.width < 1000) await page.getByTestId("nav-more").click();
  await page.getByTestId(viewport.width < 1000 ? "more-province" : "nav-province").click();
  await page.getByTestId("tiles").waitFor();
  ok(await page.getByTestId("clauses").locator("tbody tr").count() > 5, `${name}: of every clause`);
  ok(await page.getByTestId("missing").locator("li").count() > 0, `${name}: empty posts stand out`);
  ok(Number(await page.getByTestId("tiles").locator('a[href="/cases"]').textContent()) > 0, `${name}: open cases are counted`);
  await accessible(page, name);
  for (const [what, found] of [["to-outage", "row-outages"], ["to-service", "row-probe-status"], ["to-silent", "row-plan-cells"],
    ["to-deadline", "case-detail"], ["to-request", "request-state"]]) {
    await page.goto(`${desk.url}/province`);
    await page.getByTestId(what).first().click();
    ok(await seen(page.getByTestId(found).first()), `${name}: ${what} leads to its proof`);
  }
  await page.goto(`${desk.url}/province`);
  await page.getByTestId("clauses").locator("tbody a").first().click();
  await page.locator("h1").waitFor();
  const cell = page.getByTestId("plan-cell").first();
  if (await cell.count()) {
    await cell.click();
    ok(await seen(page.locator("table").first()), `${name}: a figure leads to its proof`);
  }
  await accessible(page, `${name} proof`);
  // reads the work, writes nothing: no button is there, and none works
  for (const path of ["/alerts", "/cases", "/requests", "/roster", "/forms", "/suppressions", "/outages", "/scan"]) {
    await page.goto(desk.url + path);
    is(await page.locator('main form[method="post"]').count(), 0, `${name}: nothing to press on ${path}`);
  }
  const secret = (await call(page, "GET", "/api/v1/me")).json.csrf;
  const id = (await call(page, "GET", "/api/v1/alerts?show=all")).json.items[0].id;
  is((await call(page, "POST", `/api/v1/alerts/${id}/ack`, { verdict: "seen" }, { "X-CSRF-Token": secret })).status, 403, `${name}: takes no alert`);
  for (const path of ["/people", "/contacts", "/admin", "/letters", "/search"])
    is((await page.goto(desk.url + path)).status(), 403, `${name}: not ${path}`);
  await page.context().close();
}

// Who heads the unit: several decisions at once, the plan taken on and confirmed.
async function head(viewport, lang) {
  const name = `${lang} ${viewport.width} head`;
  const page = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "head");
  await page.getByTestId("nav-more").click();
  if (viewport.width > 1000) await accessible(page, `${name} menu`);
  await page.getByTestId("nav-approvals").click();
  if (viewport.width > 1000) await accessible(page, name);
  const before = Number(await page.getByTestId("ask-count").textContent());
  ok(before >= 3 && await seen(page.getByText("Họp <thôn>").first()), `${name}: what waits, its words as text`);
  await page.getByTestId("approve").click();
  ok(!(await page.getByTestId("done").count()), `${name}: nothing ticked, nothing decided`);
  await page.goto(`${desk.url}/approvals`);
  for (const kind of ["layers", "leaves"])
    await page.locator(`[data-testid="pick"][value^="${kind}."]`).first().check();
  await page.getByTestId("refuse").click();
  await page.goto(`${desk.url}/approvals`);
  is(Number(await page.getByTestId("ask-count").textContent()), before, `${name}: a roster cannot be refused, and so nothing is`);
  for (const kind of ["layers", "leaves", "swaps"])
    await page.locator(`[data-testid="pick"][value^="${kind}."]`).first().check();
  await page.getByTestId("approve").click();
  await page.getByTestId("done").waitFor();
  is(Number(await page.getByTestId("ask-count").textContent()), before - 3, `${name}: three approved at once`);
  if (await page.getByTestId("plan-accept").count()) {
    await page.getByTestId("plan-accept").click();
    await page.getByTestId("done").waitFor();
  }
  await page.getByTestId("plan-confirm").click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("plan").locator(".state-on").count(), 2, `${name}: the plan is taken on and confirmed`);
  await page.goto(`${desk.url}/assets?find=mot+cua`);
  is(await page.getByTestId("row-assets").count(), 1, `${name}: found without tones`);
  if (viewport.width > 1000) await accessible(page, `${name} assets`);
  await page.context().close();
}

// An operator: the state of the day, a cable cut told of, gone on with, over.
// Who oversees the province has its picture open.
async function watchAbove(viewport, lang) {
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "quansat");
  await page.goto(`${desk.url}/province`);
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
  return page;
}

// What others did comes into it by itself, long before it is a minute old.
async function seenAbove(page, route, name) {
  ok(await seen(page.getByTestId("told").getByText(route)), `${name}: and on the page of the province, which was open all the time`);
  ok(await page.getByTestId("operators").getByRole("row").count() > 1, `${name}: beside what operators say daily`);
  await accessible(page, `${name} province`);
  await page.getByTestId("to-told").filter({ hasText: route }).click();
  ok(new URL(page.url()).searchParams.has("of") && await seen(page.locator("h1")), `${name}: which leads to what was told`);
  await page.context().close();
}

async function operator(viewport, lang) {
  const name = `${lang} ${viewport.width} operator`;
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "vt");
  await page.getByTestId("nav-forms").click();
  ok(await seen(page.locator('a[href="/forms/telecom-daily"]')), `${name}: the state of the day is asked for`);
  await page.goto(`${desk.url}/outages`);
  await accessible(page, `${name} outages`);
  await page.getByTestId("tell-outage").click();
  await accessible(page, `${name} outage`);
  const route = `Tuyến <${name}>`;
  const at = (minutes) => new Date(Date.now() + 7 * 3600e3 - minutes * 60e3).toISOString().slice(0, 16);
  const set = (field, value) => page.locator(`[name="f.${field}"]`).fill(value);
  const pick = (field, value) => page.locator(`[name="f.${field}"]`).selectOption(value);
  await set("began", at(viewport.width > 1000 ? 90 : 80));
  await set("found", at(70));
  await pick("what", "cable-cut");
  await set("route", route);
  await pick("cause", "works");
  await set("sites_hit", "3");
  await page.locator('[name="n.users_hit"]').check();
  await page.locator('[name="n.units_hit"]').check();
  await pick("rerouted", "yes");
  await pick("police_told", "no");
  await pick("restored", "no");
  if (viewport.width > 1000) {
    // a photograph that tells where it was taken
    const exif = Buffer.concat([Buffer.from([0xff, 0xe1, 0, 12]), Buffer.from("Exif\0\0GPS!")]);
    const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8]), exif,
      Buffer.from([0xff, 0xc0, 0, 11, 8, 0, 16, 0, 16, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0x3f, 0, 1, 2, 3, 0xff, 0xd9])]);
    await page.getByTestId("photo").setInputFiles({ name: "a.gif", mimeType: "image/gif", buffer: Buffer.from("GIF89a") });
    await page.getByTestId("photo-clear").check();
    await page.getByTestId("form-send").click();
    await page.getByTestId("form-send").waitFor({ state: "detached" });
    await page.waitForLoadState("load");
    await page.goto(`${desk.url}/forms/outage`);
    is(await page.locator('[name="f.route"]').inputValue(), route, `${name}: a picture of another kind is refused, no typing is lost`);
    await page.getByTestId("photo").setInputFiles({ name: "ảnh <1>.jpg", mimeType: "image/jpeg", buffer: jpeg });
    await page.getByTestId("photo-clear").check();
  }
  const above = await watchAbove(viewport, lang);
  await page.getByTestId("form-send").click();
  await page.getByTestId("done").waitFor();
  await page.goto(`${desk.url}/outages`);
  const row = page.getByTestId("outage").filter({ hasText: route });
  ok(await seen(row.locator(".state-missed")), `${name}: told of, not over`);
  await seenAbove(above, route, name);
  await row.getByTestId("outage-link").click();
  is(await page.locator('[name="f.route"]').inputValue(), route, `${name}: it is gone on with`);
  if (viewport.width > 1000)
    ok((await page.locator("#photo-for").textContent()).includes("✓"), `${name}: the photograph is kept`);
  await pick("restored", "yes");
  await set("restored_at", at(5));
  await page.getByTestId("form-send").click();
  await page.getByTestId("done").waitFor();
  await page.goto(`${desk.url}/outages`);
  is(await row.count(), 1, `${name}: it is one event`);
  ok(await seen(row.locator(".state-on")), `${name}: and over`);
  ok(await seen(row.getByTestId("outage-took")), `${name}: with how long it took, which nobody typed`);
  await page.context().close();
}

// The roster of a month: gaps, leave and swaps asked for, a list from Excel looked at first.
async function roster(viewport, lang) {
  const name = `${lang} ${viewport.width} roster`;
  const page = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  const scripted = viewport.width > 1000;
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "sysadmin-a");
  await page.getByTestId("nav-more").click();
  await page.getByTestId("nav-roster").click();
  ok(await page.getByTestId("day").count() >= 28, `${name}: every day of the month`);
  if (scripted) await accessible(page, name);
  await page.getByTestId("month-after").click();
  ok(await seen(page.locator(".duty-gap").first()), `${name}: gaps stand out`);
  ok(Number(await page.getByTestId("problem-count").textContent()) > 0, `${name}: and are listed`);
  await page.getByTestId("leave-open").click();
  await page.getByTestId("leave-from").fill("2027-03-01");
  await page.getByTestId("leave-until").fill("2027-03-02");
  await page.getByTestId("leave-send").click();
  await page.getByTestId("done").waitFor();
  await page.getByTestId("roster-import").click();
  if (scripted) await accessible(page, `${name} import`);
  const month = viewport.width > 1000 ? "06" : "07";
  const sheet = (who) => ({ name: "lịch <1>.csv", mimeType: "text/csv", buffer: Buffer.from(`\ufeffNgày;Ca;Người trực\r\n01/${month}/2027;07:00-19:00;${who}\r\n02/${month}/2027;07:00-19:00;Trần Văn Thử Ỗi\r\n`) });
  await page.getByTestId("import-file").setInputFiles(sheet("Không Có Ai <x>"));
  await page.getByTestId("import-read").click();
  ok(await seen(page.getByTestId("import-wrong")), `${name}: a list with a stranger is not taken`);
  ok(await seen(page.getByText("Không Có Ai <x>").first()), `${name}: and says whom`);
  if (scripted) await accessible(page, `${name} refused`);
  await page.goto(`${desk.url}/import/roster`);
  await page.getByTestId("import-file").setInputFiles(sheet("Nguyễn Thị Mẫu Ẫm"));
  await page.getByTestId("import-read").click();
  ok(await page.getByTestId("import-rows").locator("li").count() > 0, `${name}: what it would do is shown`);
  if (scripted) await accessible(page, `${name} preview`);
  const again = await page.getByTestId("import-apply").count();
  is(again, 1, `${name}: and waits for a word`);
  if (again) await page.getByTestId("import-apply").click();
  await page.getByTestId("done").waitFor();
  await page.goto(`${desk.url}/roster?month=2027-${month}`);
  is(await page.locator(".duty").filter({ hasText: "Nguyễn Thị Mẫu Ẫm" }).count(), 1, `${name}: it stands in the roster`);
  await page.context().close();
}

// How the plan stands, down to the record.
async function plan(viewport, lang) {
  const name = `${lang} ${viewport.width} plan`;
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "coordinator-a");
  await page.goto(`${desk.url}/plan`);
  await accessible(page, name);
  ok(await seen(page.getByTestId("matrix").getByText("xã Giả Định A")) && !(await page.getByText("xã Giả Định B").count()), `${name}: the units that one may see`);
  await page.getByTestId("plan-cell").first().click();
  ok(await seen(page.getByTestId("row-plan-cells").or(page.locator("tbody tr")).first()), `${name}: each obligation behind a figure`);
  await accessible(page, `${name} cells`);
  await page.goto(`${desk.url}/report`);
  await page.getByTestId("say1").fill("Mọi vị trí <đủ người>.");
  await accessible(page, `${name} report drafted`);
  await page.getByTestId("report-make").click();
  ok(await seen(page.getByText("Mọi vị trí <đủ người>.")), `${name}: the report says what a person wrote, as text`);
  await accessible(page, `${name} report`);
  is((await page.goto(`${desk.url}/plan/cells?unit=XA-B&clause=I.1`)).status(), 404, `${name}: another unit's are not there`);
  await page.goto(`${desk.url}/plan?clause=I.1`);
  await accessible(page, `${name} clause`);
  await page.context().close();
}

// Who coordinates: what units ask, who is late and reminded, a notice read behind its link.
async function coordinator(viewport, lang) {
  const name = `${lang} ${viewport.width} coordinator`;
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "dieuphoi");
  await page.getByTestId("nav-more").click();
  await page.getByTestId("nav-requests").click();
  await accessible(page, `${name} requests`);
  await page.getByTestId("request-link").first().click();
  ok(await seen(page.getByText("Xin cử người <hỗ trợ>").first()), `${name}: what is asked, as text`);
  await accessible(page, `${name} request`);
  await page.getByTestId("request-accept").click();
  await page.getByTestId("done").waitFor();
  if (viewport.width > 1000) {
    await page.getByTestId("answer-text").fill("Đã cử đội <ứng cứu>");
    await page.getByTestId("request-answer").click();
    await page.getByTestId("done").waitFor();
    ok(await seen(page.getByTestId("notes").getByText("Đã cử đội <ứng cứu>")), `${name}: answered`);
  } else {
    await page.getByTestId("pass-open").click();
    await page.getByTestId("pass-to").selectOption("DN-VT");
    await page.getByTestId("pass-text").fill("Đường truyền của doanh nghiệp");
    await page.getByTestId("request-pass").click();
    await page.getByTestId("done").waitFor();
    ok(await seen(page.getByTestId("requests").getByText("→ Doanh nghiệp viễn thông Giả Định").first()), `${name}: handed on`);
  }
  await page.goto(`${desk.url}/notices`);
  const issued = await page.getByTestId("issued-row").count();
  await page.goto(`${desk.url}/late`);
  await accessible(page, `${name} late`);
  ok(await seen(page.getByTestId("late-row").filter({ hasText: "xã Giả Định B" }).getByTestId("late-unit")), `${name}: who is late`);
  await page.getByTestId("notice-text").fill("Gửi trước 16 giờ");
  await page.getByTestId("notice-send").click();
  await page.getByTestId("back").click();
  is(new URL(page.url()).pathname, "/late", `${name}: where nobody was chosen, a way back`);
  if (viewport.width > 1000) is(await page.getByTestId("notice-text").inputValue(), "Gửi trước 16 giờ", `${name}: to what was typed`);
  await page.getByTestId("late-row").filter({ hasText: "xã Giả Định B" }).getByTestId("late-unit").check();
  await page.getByTestId("notice-attest").check();
  await page.getByTestId("notice-send").click();
  const link = await page.getByTestId("link").textContent();
  await accessible(page, `${name} sent`);
  const guest = await openPage(browser, { viewport, javaScriptEnabled: false });
  await guest.goto(link);
  ok(await seen(guest.getByText("Ủy ban nhân dân xã Giả Định B")), `${name}: behind the link, without an account`);
  await guest.getByTestId("attest").check();
  await guest.getByTestId("link-read").click();
  await guest.getByTestId("done").waitFor();
  is((await guest.goto(link.slice(0, -4) + "0000")).status(), 404, `${name}: another link opens nothing`);
  await guest.context().close();
  const other = await openPage(browser, { viewport });
  await other.goto(link);
  await accessible(other, `${name} link`);
  await other.context().close();
  await page.goto(`${desk.url}/notices`);
  await accessible(page, `${name} notices`);
  is(await page.getByTestId("issued-row").count(), issued + 1, `${name}: issued once`);
  is(await page.getByTestId("issued-row").filter({ hasText: /Nhắc thực hiện|Reminder of/ }).first().locator(".state").textContent(), "1/1", `${name}: counted by unit, the newest first`);
  await page.context().close();
}

// All of it without a script.
async function plain() {
  const page = await openPage(browser, { viewport: PHONE, javaScriptEnabled: false });
  await page.goto(desk.url);
  await signIn(page, "an");
  await page.getByTestId("my-shift").waitFor();
  const before = await page.getByTestId("alert").count();
  await page.getByTestId("ack").first().click();
  await page.goto(desk.url);
  is(await page.getByTestId("alert").count(), before - 1, "without scripts: taken");
  await page.getByTestId("log-text").fill("Mất điện phòng máy 5 phút");
  await page.getByTestId("log-add").click();
  ok(await seen(page.getByTestId("done")), "without scripts: a line in the log");
  await page.context().close();
}

// One signs, the other says why not, then takes over.
async function handover() {
  const enter = async (login, viewport) => {
    const page = await openPage(browser, { viewport });
    await page.goto(`${desk.url}/sign-in`);
    await signIn(page, login);
    await page.getByTestId("my-shift").waitFor();
    return page;
  };
  const giver = await enter("an", PHONE), taker = await enter("binh", SCREEN);
  if (await giver.getByTestId("take").count()) await giver.getByTestId("take").click();
  ok(await seen(giver.getByTestId("giving").getByText("SC-").first()), "handover: open cases are in it");
  await giver.getByTestId("give-note").fill("Chìa khóa phòng máy ở tủ <1>");
  await giver.getByTestId("give").click();
  await giver.getByTestId("done").waitFor();
  await accessible(giver, "handover given");
  await taker.reload();
  ok(await seen(taker.getByTestId("takeover").getByText("Chìa khóa phòng máy ở tủ <1>")),
    "handover: the next one sees it, as text");
  await accessible(taker, "handover waiting");
  await taker.getByTestId("object").click();
  ok(await seen(taker.locator("h1")) && !(await taker.getByTestId("done").count()),
    "handover: not refused without a reason");
  await taker.goto(desk.url);
  await taker.getByTestId("take-note").fill("Thiếu chìa khóa");
  await taker.getByTestId("object").click();
  await taker.getByTestId("done").waitFor();
  await giver.goto(desk.url);
  await giver.getByTestId("give-note").fill("Đã đưa chìa khóa");
  await giver.getByTestId("give").click();
  await giver.getByTestId("done").waitFor();
  await taker.goto(desk.url);
  await taker.getByTestId("receive").click();
  await taker.getByTestId("done").waitFor();
  ok(!(await taker.getByTestId("takeover").count()), "handover: taken over, nothing waits");
  await giver.context().close();
  await taker.context().close();
}

// A verdict opens a case in the same step, and takes the next alert into it.
async function intoCases(page, name) {
  const judge = async (title, verdict, into) => {
    await page.goto(`${desk.url}/alerts`);
    await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
    desk.alert(title);
    const link = page.getByTestId("alert").filter({ hasText: title }).getByTestId("alert-link");
    const path = await link.getAttribute("href");
    await link.click();
    const choice = page.getByTestId("verdict-case");
    ok(!(await choice.isVisible()), `${name}: no case is asked for before the verdict`);
    await page.locator('input[value="real"]').check();
    await choice.selectOption(into);
    await page.locator(`input[value="${verdict}"]`).check();
    if (verdict === "real") await accessible(page, `${name} verdict`);
    await page.getByTestId("note").fill(`ghi chú ${title}`);
    await page.getByTestId("verdict").click();
    return path;
  };
  const nothing = await judge(`Báo nhầm ${name}`, "false", "new");
  await page.waitForURL(`**${nothing}?done=1`);
  is((await call(page, "GET", `/api/v1${nothing}`)).json.state, "closed", `${name}: a false alarm is closed and opens no case, whatever was chosen before`);
  await judge(`Tấn công ${name}`, "real", "new");
  await page.getByTestId("case-detail").waitFor();
  const title = await page.locator("h1").textContent();
  is(title, `Tấn công ${name}`, `${name}: a verdict opens a case`);
  const number = await page.getByTestId("case-detail").locator("dd.code").first().textContent();
  await judge(`Lần hai ${name}`, "real", number);
  await page.getByTestId("case-detail").waitFor();
  is(await page.locator("h1").textContent(), title, `${name}: the next alert joins it`);
  ok(await seen(page.getByTestId("timeline").getByText(`ghi chú Lần hai ${name}`)), `${name}: with its note`);
}

// An alert becomes a case; its timeline, its clocks, its end.
async function cases(viewport, lang) {
  const name = `${lang} ${viewport.width} case`;
  const page = await openPage(browser, { viewport });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "binh");
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
  const title = `Mã hóa dữ liệu <i>${name}</i>`;
  desk.alert(title);
  await page.getByTestId("alert").filter({ hasText: title }).getByTestId("alert-link").click();
  await page.getByTestId("open-case").click();
  await page.getByTestId("case-detail").waitFor();
  ok((await page.locator("h1").textContent()) === title, `${name}: named after its alert, as text`);
  is(await page.getByTestId("clocks").locator("li").count(), 3, `${name}: its clocks run`);
  is(await page.getByTestId("readings").locator("li").count(), 1, `${name}: who read it stands there, once`);
  ok(await seen(page.getByTestId("clocks").locator(".tag").first()),
    `${name}: and say that nobody compared them yet`);
  await accessible(page, name);
  is(await page.getByTestId("report-draft").count(), 4, `${name}: four reports can be drafted`);
  await page.getByTestId("report-draft").first().click();
  ok(await seen(page.getByTestId("case-report").getByText(title).first()), `${name}: drafted from the record, as text`);
  await accessible(page, `${name} report`);
  await page.goBack();
  await page.getByTestId("line-text").fill("Đã ngắt mạng");
  await page.getByTestId("line-add").click();
  await page.getByTestId("done").waitFor();
  ok(await seen(page.getByTestId("timeline").getByText("Đã ngắt mạng")), `${name}: a line`);
  await page.getByTestId("line-other").click();
  await page.getByTestId("report-sent").click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("clocks").locator(".state-sent").count(), 2,
    `${name}: the report that was sent stops its clocks`);
  await page.getByTestId("step-to").selectOption("closed");
  await page.getByTestId("cause").fill("Macro trong thư");
  await page.getByTestId("step").click();
  ok(await seen(page.getByTestId("message")), `${name}: not closed without a remedy`);
  is(await page.getByTestId("cause").inputValue(), "Macro trong thư", `${name}: what was typed is kept`);
  const other = await page.context().newPage();
  await other.goto(page.url().replace(/\/step$/, ""));
  await other.getByTestId("remedy").fill("Khôi phục từ bản sao");
  await other.getByTestId("step").click();
  await other.getByTestId("done").waitFor();
  await page.getByTestId("step-to").selectOption("closed");
  await page.getByTestId("remedy").fill("Cài lại máy");
  await page.getByTestId("step").click();
  ok(await seen(page.getByTestId("message")), `${name}: two people at once: the second is told`);
  is(await page.getByTestId("remedy").inputValue(), "Cài lại máy", `${name}: and loses no typing`);
  await page.getByTestId("step-to").selectOption("closed");
  await page.getByTestId("step").click();
  await page.getByTestId("done").waitFor();
  await page.getByTestId("nav-cases").click();
  ok(!(await page.getByText(title).count()), `${name}: closed, it is not open any more`);
  await intoCases(page, name);
  await accessible(page, `${name} list`);
  await page.context().close();
}

// The day of a postal operator's control room: what is owed, a few numbers, a parcel stopped.
async function postal(viewport, lang) {
  const name = `${lang} ${viewport.width} postal`;
  const page = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "bc");
  await page.getByTestId("nav-forms").click();
  const owed = await page.getByTestId("form-link").evaluateAll((links) => links.map((a) => a.getAttribute("href").split("/").pop()));
  is(owed.filter((form) => ["telecom-daily", "spam", "routes", "agency-daily"].includes(form)).join(), "", `${name}: nothing that others owe`);
  ok(owed.indexOf("postal-daily") >= 0 && owed.indexOf("postal-daily") < owed.indexOf("outage"), `${name}: the state of the day stands before what is told when it happens`);
  await page.goto(`${desk.url}/forms/postal-daily`);
  if (viewport.width > 1000) await accessible(page, `${name} daily`);
  const fields = await page.locator('main input[name^="f."]').evaluateAll((all) => all.map((field) => field.name));
  ok(fields.length <= 30, `${name}: a few numbers (${fields.length})`);
  for (const field of fields) await page.locator(`[name="${field}"]`).fill(/total|planned|sent|accepted|received/.test(field) ? "100" : "0");
  for (const choice of await page.locator('main select[name^="f."]').all()) await choice.selectOption({ index: 1 });
  const box = page.locator('main input[name^="n."]');
  for (const tick of await box.all()) await tick.setChecked(false);
  await page.getByTestId("form-send").click();
  await page.getByTestId("done").waitFor();
  ok(await seen(page.getByTestId("form-row").filter({ has: page.locator('a[href="/forms/postal-daily"]') }).locator(".state-sent")), `${name}: sent`);
  await page.goto(`${desk.url}/forms/postal-daily`);
  is(await page.locator('[name="f.outlets_total"]').inputValue(), "100", `${name}: what was said stands there tomorrow, too`);
  ok(!(await page.locator("main").innerHTML()).match(/name="f\.(sender|receiver|addressee|phone)/), `${name}: counts only, of nobody`);
  await page.goto(`${desk.url}/forms/kt1`);
  await page.locator('[name="f.delivered"]').fill("1,5");
  await page.locator('[name="f.late"]').fill("ba");
  for (const field of ["accepted", "exceptions", "seal_checks"]) await page.locator(`[name="f.${field}"]`).fill("");
  await page.getByTestId("form-send").click();
  await page.getByTestId("message").waitFor();
  is(await page.locator(".is-wrong").count(), 5, `${name}: whatever is wrong in a form is told at once`);
  await page.goto(`${desk.url}/forms/outlets`);
  await page.getByTestId("form-send").click();
  ok(await page.getByTestId("message").textContent().then((text) => /trống|empty/.test(text)), `${name}: an empty form is no answer`);
  await page.goto(`${desk.url}/outages`);
  ok(await seen(page.getByTestId("tell-outage")), `${name}: and what breaks is told`);
  await page.goto(`${desk.url}/todo`);
  ok(Number(await page.getByTestId("todo-count").textContent()) > 0, `${name}: what else is owed`);
  await page.context().close();
}

// Who looks after a unit's accounts and sources: roles, a link that sets a password, ways to reach
// people, the node's health; and everybody after their own second factor.
async function admin(viewport, lang) {
  const name = `${lang} ${viewport.width} admin`;
  const page = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "admin-a");
  await page.getByTestId("nav-more").click();
  await page.getByTestId("nav-people").click();
  await page.getByRole("link", { name: "responder-a", exact: true }).click();
  await page.getByTestId("person-name").waitFor();
  await page.getByTestId("grant-open").click();
  await page.getByTestId("grant-role").selectOption("sysadmin");
  await page.getByTestId("grant-until").fill("2020-01-01");
  await page.getByTestId("grant-give").click();
  ok(await seen(page.getByTestId("message")), `${name}: no role that is over already`);
  is(await page.getByTestId("grant").count(), 1, `${name}: nothing was given`);
  await page.getByTestId("grant-open").click();
  await page.getByTestId("grant-role").selectOption("sysadmin");
  await page.getByTestId("grant-give").click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("grant").count(), 2, `${name}: a role was given`);
  await page.getByTestId("grant-end").last().click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("grant").count(), 1, `${name}: and ended`);
  await page.getByTestId("way-open").click();
  await page.getByTestId("way-value").fill("0912 345 678");
  await page.getByTestId("way-save").click();
  await page.getByTestId("done").waitFor();
  ok(await seen(page.getByTestId("ways").getByText("•").first()), `${name}: a number, of which a hint is shown`);
  ok(!(await page.locator("main").innerText()).includes("345"), `${name}: and nothing else of it`);
  if (viewport.width > 1000) await accessible(page, `${name} person`);
  await page.getByTestId("account-reset").click();
  const link = await page.getByTestId("invitation").textContent();
  ok(new URL(link).pathname.startsWith("/welcome/"), `${name}: a link that sets a password`);
  await page.goto(page.url().replace(/\/account$/, ""));
  is(await page.getByTestId("invitation").count(), 0, `${name}: shown once`);
  const guest = await openPage(browser, { viewport });
  await guest.goto(link.replace(/^https:\/\/[^/]+/, desk.url));
  await guest.getByTestId("password").fill(PASSWORD);
  await guest.getByTestId("again").fill(PASSWORD);
  await guest.getByTestId("set").click();
  await signIn(guest, "responder-a");
  await guest.getByTestId("my-shift").waitFor();
  ok(true, `${name}: and its owner comes in`);
  await page.getByTestId("account-lock").click();
  await page.getByTestId("account-locked").waitFor();
  await guest.goto(desk.url);
  ok(guest.url().includes("/sign-in"), `${name}: who is locked is out`);
  await page.getByTestId("account-unlock").click();
  await page.getByTestId("done").waitFor();
  await guest.context().close();
  await page.goto(`${desk.url}/people`);
  await page.getByRole("link", { name: "admin-a", exact: true }).click();
  await page.getByTestId("account-reset").waitFor();
  is(await page.getByTestId("account-lock").count(), 0, `${name}: nobody locks themself out`);

  await page.getByTestId("nav-more").click();
  await page.getByTestId("nav-admin").click();
  ok(await seen(page.getByTestId("finding").first()), `${name}: the node's health`);
  const sources = await page.getByTestId("source").count();
  await page.getByTestId("source-kind").selectOption("http");
  await page.getByTestId("source-name").fill("Tường lửa <1>");
  await page.getByTestId("source-unit").fill("XA-A");
  await page.locator('[name="hours"]').fill("0");
  await page.getByTestId("source-add").click();
  ok(await seen(page.getByTestId("message")), `${name}: no silence of no hours`);
  is(await page.getByTestId("source-unit").inputValue(), "XA-A", `${name}: of which unit it is stays typed`);
  await page.locator('[name="hours"]').fill("");
  await page.getByTestId("source-add").click();
  ok(await seen(page.getByTestId("source-key")), `${name}: a source, and its sender's key`);
  ok(await seen(page.getByTestId("source").getByText("Tường lửa <1>").first()), `${name}: it is listed, as text`);
  if (viewport.width > 1000) await accessible(page, name);
  await page.goto(`${desk.url}/admin`);
  is(await page.getByTestId("source-key").count(), 0, `${name}: the key is told once`);
  await page.getByTestId("source-end").last().click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("source").count(), sources, `${name}: and ended`);
  await page.context().close();

  const machine = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  await machine.goto(`${desk.url}/sign-in?next=/admin`);
  if (lang === "en") await machine.getByTestId("to-en").click();
  await signIn(machine, "admin-t");
  for (const part of ["rules", "retention", "gateways", "keys", "backup"]) {
    await machine.getByTestId(`admin-${part}`).click();
    await machine.locator(`[data-testid="admin-${part}"][aria-current]`).waitFor();
    if (viewport.width > 1000) await accessible(machine, `${name} ${part}`);
    else is(await machine.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, `${name} ${part}: nothing is wider than the screen`);
  }
  const backups = await machine.getByTestId("backups").locator("li").count();
  await machine.getByTestId("backup-make").click();
  await machine.getByTestId("backup-made").waitFor();
  is(await machine.getByTestId("backups").locator("li").count(), backups + 1, `${name}: a backup is made and listed`);
  for (const made of ["2020-01-01T000000Z", "../state", "."]) {
    await machine.goto(`${desk.url}/admin/backup?made=${encodeURIComponent(made)}`);
    is(await machine.getByTestId("backup-made").count(), 0, `${name}: a link tells of no backup that is not there: ${made}`);
  }
  await machine.getByTestId("admin-retention").click();
  await machine.getByTestId("days").fill("0");
  await machine.getByTestId("days-go").click();
  ok(await seen(machine.getByTestId("message")), `${name}: no days are no retention`);
  await machine.getByTestId("days").fill("45");
  await machine.getByTestId("days-go").click();
  ok((await machine.getByTestId("class").first().textContent()).includes("45"), `${name}: what 45 days would take`);
  ok(await seen(machine.getByTestId("tried")) && (await machine.getByTestId("settings").textContent()).includes("canh.conf:5"), `${name}: which line of canh.conf to change`);
  await machine.getByTestId("admin-gateways").click();
  ok(!(await machine.content()).includes("bi-mat"), `${name}: no key of a gateway is shown`);
  await machine.getByTestId("gateway-test").click();
  ok(await seen(machine.getByTestId("test-no-way")), `${name}: a test message needs a number`);
  await machine.getByTestId("admin-health").click();
  await machine.getByTestId("import-units").click();
  await machine.getByTestId("import-file").setInputFiles({ name: "xã.csv", mimeType: "text/csv",
    buffer: Buffer.from(`Mã đơn vị;Tên đơn vị;Loại đơn vị\nXA-${viewport.width};Xã <thử> ${viewport.width};Xã\n`) });
  await machine.getByTestId("import-read").click();
  await machine.getByTestId("import-apply").click();
  ok(await seen(machine.getByText(`Xã <thử> ${viewport.width}`).first()), `${name}: units come from Excel`);
  await machine.context().close();

  const login = viewport.width > 1000 ? "observer-a" : "official-a";
  const own = await openPage(browser, { viewport });
  await own.goto(`${desk.url}/sign-in?next=/me`);
  await signIn(own, login);
  const key = await own.getByTestId("secret").textContent();
  await own.getByTestId("second-code").fill("000000" === phoneCode(key) ? "000001" : "000000");
  await own.getByTestId("second-set").click();
  ok(await seen(own.getByTestId("message")), `${name}: a code that does not fit turns nothing on`);
  is(await own.getByTestId("secret").textContent(), key, `${name}: and the key stays`);
  await accessible(own, `${name} me`);
  await own.getByTestId("second-code").fill(phoneCode(key));
  await own.getByTestId("second-set").click();
  ok(await seen(own.getByTestId("second-on")), `${name}: the second factor is on`);
  await own.getByTestId("out-all").click();
  await signIn(own, login);
  ok(await seen(own.getByTestId("code")), `${name}: and is asked for`);
  await own.context().close();
}

const LETTER = `UBND TỈNH GIẢ ĐỊNH
SỞ KHOA HỌC VÀ CÔNG NGHỆ
Số: 125/KH-SKHCN
Giả Định, ngày 01 tháng 12 năm 2026

KẾ HOẠCH
Bảo đảm an toàn thông tin dịp Tết <2027>

I. Đối với các cơ quan, địa phương
1. Thường xuyên sao lưu dữ liệu trên các hệ thống thông tin; rà soát điểm yếu, lỗ hổng.
2. Cử cán bộ kỹ thuật trực theo dõi, giám sát liên tục hệ thống.
II. Chế độ báo cáo
1. Báo cáo kết quả hằng tuần vào 16 giờ thứ Sáu về Sở.
`;

// A letter beside what is proposed for its clauses: taken, changed, refused, given out.
async function letter(viewport, lang) {
  const name = `${lang} ${viewport.width} letter`;
  const page = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  await page.goto(`${desk.url}/sign-in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "dieuphoi");
  await page.getByTestId("nav-more").click();
  await page.getByTestId("nav-letters").click();
  await page.getByTestId("letter-file").setInputFiles({ name: "a.docx", mimeType: "a/b", buffer: Buffer.from("PK\u0003\u0004 rác") });
  await page.getByTestId("letter-read").click();
  ok(await seen(page.locator("h1")) && !(await page.getByTestId("clauses").count()), `${name}: what is no letter is refused`);
  await page.goto(`${desk.url}/letters`);
  await page.getByTestId("letter-file").setInputFiles({ name: "kế hoạch.txt", mimeType: "text/plain", buffer: Buffer.from(LETTER) });
  await page.getByTestId("letter-read").click();
  await page.getByTestId("letter-title").waitFor();
  ok((await page.getByTestId("letter-title").textContent()).includes("Tết <2027>"), `${name}: its title, as text`);
  const open = page.url();
  const items = await page.getByTestId("clause").count();
  ok(items >= 5, `${name}: its clauses (${items})`);
  ok(await page.getByTestId("proposal").count() >= 3, `${name}: what is proposed for them`);
  is(await page.getByTestId("letter-give").count(), 0, `${name}: nothing is given out yet`);
  if (viewport.width > 1000) await accessible(page, name);
  const backup = page.getByTestId("clause").filter({ hasText: "sao lưu dữ liệu trên" });
  await backup.getByTestId("change-open").first().click();
  await backup.getByTestId("change-title").first().fill('Sao lưu "cả ngày lễ" <b>');
  await backup.getByTestId("change-open").nth(1).click();
  await backup.getByTestId("change-other").nth(1).fill("hằng tuần");
  const open_ones = await page.getByTestId("accept").count(), gone_through = await page.getByTestId("items-done").textContent();
  await backup.getByTestId("clause-save").click();
  ok(await seen(page.getByTestId("message")), `${name}: a rhythm that is none`);
  is(await page.getByTestId("change-title").and(page.locator('[value*="cả ngày lễ"]')).count(), 1, `${name}: what was typed is kept`);
  is(await page.getByTestId("accept").count(), open_ones, `${name}: and nothing of the clause was taken`);
  is(await page.getByTestId("items-done").textContent(), gone_through, `${name}: or is counted`);
  await backup.getByTestId("change-other").first().fill("weekly(mon,thu)@09:00");
  await backup.getByTestId("refuse").nth(1).check();
  await backup.getByTestId("clause-save").click();
  await page.getByTestId("done").waitFor();
  ok(await seen(page.getByTestId("proposal").getByText('Sao lưu "cả ngày lễ" <b>')), `${name}: changed and taken, as text`);
  // somebody else went through the same clause meanwhile
  const second = await page.context().newPage();
  await second.goto(open);
  const here = page.getByTestId("clause").filter({ hasText: "Cử cán bộ kỹ thuật" });
  await second.getByTestId("clause").filter({ hasText: "Cử cán bộ kỹ thuật" }).getByTestId("clause-save").click();
  await second.getByTestId("done").waitFor();
  await second.close();
  await here.getByTestId("clause-save").click();
  ok(await seen(page.getByTestId("message")), `${name}: the second one is told`);
  const mine = page.getByTestId("clause").filter({ hasText: "Cử cán bộ kỹ thuật" });
  const before = await page.getByTestId("proposal").count();
  await mine.getByTestId("add-open").click();
  await mine.getByTestId("add-title").fill("Niêm phong cổng USB <máy chủ>");
  await mine.getByTestId("add-go").click();
  ok(await seen(page.getByTestId("message")), `${name}: an obligation needs who does it and until when`);
  is(await mine.getByTestId("add-title").inputValue(), "Niêm phong cổng USB <máy chủ>", `${name}: what was typed of it is kept`);
  if (viewport.width > 1000) await accessible(page, `${name} add`);
  await mine.getByTestId("add-due").fill("2026-12-20");
  await mine.getByTestId("add-scope").first().check();
  await mine.getByTestId("add-proof").selectOption("file.minutes");
  await mine.getByTestId("add-go").click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("proposal").count(), before + 1, `${name}: one by hand is added`);
  ok(await seen(mine.getByText("Niêm phong cổng USB <máy chủ>")), `${name}: at its clause, as text`);
  for (let left = items; left > 0 && await page.getByTestId("clause-save").count(); left--) {
    await page.getByTestId("clause-save").first().click();
    await page.getByTestId("done").waitFor();
  }
  await page.getByTestId("window-start").fill("2026-12-05");
  await page.getByTestId("window-end").fill("2027-02-28");
  await page.getByTestId("window-save").click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("window-end").inputValue(), "2027-02-28", `${name}: its time`);
  await page.getByTestId("letter-give").click();
  ok(Number(await page.getByTestId("given").locator("b").textContent()) > 0, `${name}: given to units`);
  if (viewport.width > 1000) await accessible(page, `${name} given`);
  const head = await openPage(browser, { viewport });
  await head.goto(`${desk.url}/sign-in?next=/approvals`);
  await signIn(head, "head-a");
  ok(await seen(head.getByTestId("plan").getByText("Tết <2027>").first()), `${name}: and waits for the head of a unit`);
  is((await head.goto(open)).status(), 404, `${name}: which the unit may not change`);
  await head.context().close();
  await page.context().close();
}

// What changes while somebody works on a page: rows come and go, what they hold stays.
async function live() {
  const page = await openPage(browser, { viewport: SCREEN });
  await page.goto(`${desk.url}/sign-in`);
  await signIn(page, "duty-a");
  await page.getByTestId("nav-alerts").click();
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
  const row = page.getByTestId("alert").first();
  const key = await row.getAttribute("data-key");
  await row.evaluate((node) => { node.dataset.mine = "1"; });
  await row.getByTestId("ack").focus();
  desk.alert("Đến khi đang bấm <1>");
  await page.getByTestId("alert").filter({ hasText: "Đến khi đang bấm <1>" }).waitFor();
  is(await page.evaluate(() => document.activeElement.closest("[data-key]")?.dataset.key), key, "live: the button keeps the focus");
  is(await page.getByTestId("alert").first().getByTestId("alert-link").textContent(), "Đến khi đang bấm <1>", "live: the new row stands first, as text");
  is(await page.locator(`[data-key="${key}"]`).count(), 1, "live: no row twice");
  // a row that is held goes to another place
  await page.route(`${desk.url}/alerts`, async (route) => {
    const reply = await route.fetch(), text = await reply.text();
    const held = text.match(new RegExp(`<li class="alert [^>]*data-key="${key}"[^]*?</li>`))[0];
    await route.fulfill({ response: reply, body: text.replace(held, "").replace('data-testid="alerts">', (list) => list + held) });
  });
  desk.alert("Đẩy dòng đang giữ lên đầu");
  await page.getByTestId("alert").filter({ hasText: "Đẩy dòng đang giữ lên đầu" }).waitFor();
  is(await page.getByTestId("alert").first().getAttribute("data-key"), key, "live: the held row stands first");
  is(await page.evaluate(() => document.activeElement.closest("[data-key]")?.dataset.key), key, "live: and its button keeps the focus");
  await page.unroute(`${desk.url}/alerts`);
  const other = await openPage(browser, { viewport: SCREEN });
  await other.goto(`${desk.url}/sign-in`);
  await signIn(other, "sysadmin-a");
  await other.goto(`${desk.url}/alerts`);
  await other.locator(`[data-key="${key}"]`).getByTestId("ack").click();
  await page.locator(`[data-key="${key}"]`).waitFor({ state: "detached" });
  ok(await page.evaluate(() => document.activeElement !== document.body), "live: when the row goes, the focus stays beside it");
  await other.context().close();
  desk.alert("Mới nhất mà thấp", 2);
  await page.getByTestId("alert").filter({ hasText: "Mới nhất mà thấp" }).waitFor();
  is(await page.getByTestId("alert").first().getByTestId("alert-link").textContent(), "Mới nhất mà thấp", "live: the list is by time");
  for (const path of ["/", "/duty-room"]) {
    await page.goto(desk.url + path);
    const grades = await page.getByTestId("alert").evaluateAll((rows) => rows.map((row) => row.className.match(/level-(\w+)/)[1]));
    const worst = ["critical", "high", "medium", "low", "informational"];
    ok(grades.includes("low"), `live ${path}: a new alert of little weight is there`);
    is(grades.join(), [...grades].sort((a, b) => worst.indexOf(a) - worst.indexOf(b)).join(), `live ${path}: below the grave ones`);
  }
  await page.goto(`${desk.url}/cases`);
  await page.getByTestId("case-link").first().click();
  await page.getByTestId("line-text").fill("đang gõ dở");
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
  const writer = await openPage(browser, { viewport: SCREEN });
  await writer.goto(`${desk.url}/sign-in`);
  await signIn(writer, "head-a");
  await writer.goto(page.url());
  await writer.getByTestId("line-text").fill("dòng của người khác <i>");
  await writer.getByTestId("line-add").click();
  await page.getByTestId("timeline").getByText("dòng của người khác <i>").waitFor();
  is(await page.getByTestId("line-text").inputValue(), "đang gõ dở", "live: what is being typed stays");
  await writer.context().close();
  // a note of a case while the network is away: kept, told, and written once
  await page.getByTestId("line-text").fill("mất mạng giữa chừng <1>");
  await page.context().setOffline(true);
  await page.getByTestId("line-add").click();
  ok(await seen(page.getByTestId("unsent")), "live: without a network it is told that nothing was sent");
  await page.context().setOffline(false);
  // nor does an answer of a proxy before the desk take the page away, or a refusal the word for it
  for (const [status, body] of [[502, "<h1>Bad Gateway</h1>"], [422, await (await page.request.get(page.url())).text()]]) {
    await page.route("**/*", (r) => r.request().method() === "POST" ? r.fulfill({ status, body, contentType: "text/html" }) : r.fallback());
    await Promise.all([page.waitForResponse((r) => r.status() === status), page.getByTestId("line-add").click()]);
    await page.locator("form[data-keep]:not([aria-busy])").first().waitFor();
    is(await page.locator("#main").count(), 1, `live: after ${status} the page stands`);
    is(await page.locator("#unsent").count(), 1, `live: after ${status} it can still be told that nothing was sent`);
    is(await page.getByTestId("line-text").inputValue(), "mất mạng giữa chừng <1>", `live: after ${status} what was typed stands`);
    await page.unroute("**/*");
  }
  await page.reload();
  is(await page.getByTestId("line-text").inputValue(), "mất mạng giữa chừng <1>", "live: and what was typed outlives the page");
  await page.getByTestId("line-add").click();
  await page.getByTestId("done").waitFor();
  is(await page.getByTestId("timeline").getByText("mất mạng giữa chừng <1>").count(), 1, "live: written once");
  is(await page.getByTestId("line-text").inputValue(), "", "live: and forgotten here");
  // the session is over before it is sent: what was typed is the writer's alone, and waits for them
  const thread = page.url();
  await page.getByTestId("line-text").fill("gõ khi hết phiên <2>");
  await page.context().clearCookies();
  await page.getByTestId("line-add").click();
  await signIn(page, "head-a");
  await page.waitForURL(new URL(thread).origin + new URL(thread).pathname);
  is(await page.getByTestId("line-text").inputValue(), "", "live: nobody else is shown it on the same machine");
  await page.context().clearCookies();
  await page.goto(`${desk.url}/sign-in?next=${new URL(thread).pathname}`);
  await signIn(page, "duty-a");
  await page.waitForURL(new URL(thread).origin + new URL(thread).pathname);
  is(await page.getByTestId("line-text").inputValue(), "gõ khi hết phiên <2>", "live: a session that ended loses nothing");
  await page.getByTestId("line-text").fill("bỏ dở");
  await page.getByTestId("me").click();
  await page.getByTestId("sign-out").click();
  await page.getByTestId("login").waitFor();
  is(await page.evaluate(() => Object.keys(localStorage).length), 0, "live: signing out leaves nothing here");
  await signIn(page, "duty-a");
  await page.goto(thread);
  await page.getByTestId("line-text").fill("bỏ dở lần nữa");
  await page.goto(`${desk.url}/me`);
  await page.getByTestId("out-all").click();
  await page.getByTestId("login").waitFor();
  is(await page.evaluate(() => Object.keys(localStorage).length), 0, "live: nor does signing out everywhere");
  await signIn(page, "duty-a");
  await page.goto(`${desk.url}/alerts`);
  await page.clock.install();
  await page.reload();
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
  await page.context().setOffline(true);
  await page.clock.runFor(70000);
  ok(await page.locator("html.is-stale").count(), "live: without the stream the page turns grey after a minute");
  ok(await page.locator(".stale").isVisible(), "live: and says so");
  await page.context().close();
}

// What a script sends is posted once, also when it is refused: the answer stands in the page's place.
async function once() {
  const page = await openPage(browser, { viewport: SCREEN });
  const posts = [];
  page.on("request", (r) => { if (r.method() === "POST") posts.push(new URL(r.url()).pathname); });
  const refused = async (name, path, press, answer) => {
    await page.goto(desk.url + path);
    const at = page.url();
    posts.length = 0;
    await press();
    ok(await seen(answer), `once: ${name} is refused`);
    await page.waitForTimeout(300);
    is(posts.length, 1, `once: ${name} is posted once`);
    is(page.url(), at, `once: after ${name} the page can be loaded again`);
  };
  const forged = (form) => form.locator('[name="csrf"]').evaluate((e) => { e.value = "x"; });
  await page.goto(`${desk.url}/sign-in`);
  await signIn(page, "duty-a");
  const error = page.locator("#main h1", { hasText: "phiên" });

  desk.alert("Bấm mà không được nhận");
  await refused("an act", "/alerts", async () => {
    const form = page.locator("form[data-act]").first();
    await forged(form);
    await form.locator("button").click();
  }, error);
  await refused("a text", await caseOf(page), async () => {
    const form = page.locator("form[data-keep]").filter({ has: page.getByTestId("line-text") });
    await forged(form);
    await page.getByTestId("line-text").fill("dòng bị từ chối");
    await page.getByTestId("line-add").click();
  }, error);
  await page.reload();
  is(await page.getByTestId("line-text").inputValue(), "dòng bị từ chối", "once: a text that was refused is kept");
  await page.getByTestId("line-text").fill("");

  const field = (name) => page.locator(`[name="f.${name}"]`);
  await refused("a form", "/forms/agency-daily", async () => {
    await field("pcs_protected").fill("nhiều");
    await page.getByTestId("form-send").click();
  }, page.getByTestId("message"));
  is(await field("pcs_protected").inputValue(), "nhiều", "once: what was typed into a form that was refused stays");
  posts.length = 0;
  await field("pcs_protected").fill("4,5");
  await page.getByTestId("form-send").click();
  ok(await seen(page.getByTestId("message")), "once: refused again");
  is(posts.length, 1, "once: and again posted once");
  await page.reload();
  ok(await page.getByTestId("restored").isVisible(), "once: what was typed after a refusal outlives the page");
  is(await field("pcs_protected").inputValue(), "4,5", "once: as it was typed");

  await page.goto(`${desk.url}/alerts`);
  await page.context().setOffline(true);
  await page.locator("form[data-act] button").first().click();
  ok(await seen(page.getByTestId("unsent")), "once: an act without a network is told as not sent");
  is(await page.getByTestId("alert").count() > 0, true, "once: and the page stands");
  await page.context().close();
}

async function caseOf(page) {
  await page.goto(`${desk.url}/cases`);
  return page.getByTestId("case-link").first().getAttribute("href");
}

// The head declares a post; the roster's page says so where there is none.
async function post(viewport, lang) {
  const name = `${lang} ${viewport.width} post`;
  const page = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  await page.goto(`${desk.url}/sign-in?next=/roster`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "head-a");
  await page.getByTestId("post-open").click();
  await page.getByTestId("post-code").fill(`P${viewport.width}`);
  await page.getByTestId("post-name").fill(`Trực <mạng> ${name}`);
  await page.getByTestId("post-hours").fill("suốt ngày");
  await page.getByTestId("post-save").click();
  ok(await seen(page.locator("h1")) && !(await page.getByTestId("done").count()), `${name}: no hours that cannot be read`);
  await page.goto(`${desk.url}/roster`);
  await page.getByTestId("post-open").click();
  await page.getByTestId("post-code").fill(`P${viewport.width}`);
  await page.getByTestId("post-name").fill(`Trực <mạng> ${name}`);
  await page.getByTestId("post-save").click();
  await page.getByTestId("done").waitFor();
  await page.getByRole("link", { name: `Trực <mạng> ${name}` }).click();
  ok(Number(await page.getByTestId("problem-count").textContent()) > 0, `${name}: declared, and nobody stands there yet`);
  if (viewport.width > 1000) await accessible(page, name);
  await page.context().close();
}

// What the journals hold: of one unit, counted by a field, by a rule; what was not seen is told.
async function search(viewport, lang) {
  const name = `${lang} ${viewport.width} search`;
  const page = await openPage(browser, { viewport, javaScriptEnabled: viewport.width > 1000 });
  await page.goto(`${desk.url}/sign-in?next=/search`);
  if (lang === "en") await page.getByTestId("to-en").click();
  await signIn(page, "dieuphoi");
  await page.getByTestId("search-query").fill("Failed");
  await page.getByTestId("search-unit").selectOption("XA-A");
  await page.getByTestId("search-purpose").fill("thử <tìm>");
  await page.getByTestId("search-go").click();
  ok(await seen(page.getByTestId("search-found").getByText("XA-A").first()), `${name}: of one unit`);
  is(await page.getByTestId("search-unit").inputValue(), "XA-A", `${name}: which stays chosen`);
  ok(await seen(page.getByTestId("search-unseen").first()), `${name}: what was not seen is told`);
  if (viewport.width > 1000) await accessible(page, name);
  await page.getByTestId("search-count-by").fill("host.name");
  await page.getByTestId("search-go").click();
  ok(await seen(page.getByTestId("search-values").getByText("<host>")), `${name}: counted by a field, as text`);
  if (viewport.width > 1000) await accessible(page, `${name} values`);
  await page.getByTestId("hunt-open").click();
  await page.getByTestId("hunt-rule").fill("title: Thử\ndetection:\n  k: [Failed]\n  condition: k\n" + "# " + "đệm ".repeat(3000));
  await page.getByTestId("hunt-purpose").fill("");
  await page.getByTestId("hunt-go").click();
  ok(await seen(page.getByTestId("message")), `${name}: a rule needs a purpose, too`);
  ok((await page.getByTestId("hunt-rule").inputValue()).startsWith("title: Thử"), `${name}: and is kept`);
  await page.getByTestId("hunt-purpose").fill("săn lại");
  await page.getByTestId("hunt-go").click();
  ok(await seen(page.getByTestId("search-found").getByText("title: Thử").first()), `${name}: a rule over the past, whole`);
  await page.context().close();
}

// Both screens and languages; under a sanitizer one of them.
async function ways(walk) {
  await walk(SCREEN, "vi");
  if (!process.env.CANH_SANITIZED) await walk(PHONE, "en");
}

// An invitation is used once.
const ready = new Set();
async function withPassword(login) {
  if (!ready.has(login)) await setPassword(await openPage(browser), desk, login);
  ready.add(login);
}

// console.mjs DESK_HOST [NAME…]: those alone.
const parts = {
  thread: async () => {
    const all = [[SCREEN, "vi"], [PHONE, "en"], [PHONE, "vi"], [SCREEN, "en"]];
    for (const [size, lang] of process.env.CANH_SANITIZED ? all.slice(1, 2) : all)
      await thread(size, lang, "an");
  },
  quiet: () => ways(quiet),
  cases: () => ways(cases),
  technician: async () => { await ways(technician); },
  editors,
  overseer: async () => { await withPassword("quansat"); await ways(overseer); },
  plain, handover, live, once,
  post: () => ways(post),
  admin: () => ways(admin),
  search: async () => { await withPassword("dieuphoi"); await ways(search); },
  letter: async () => { await withPassword("dieuphoi"); await ways(letter); },
  coordinator: async () => { await withPassword("dieuphoi"); await ways(coordinator); },
  roster: () => ways(roster),
  plan: () => ways(plan),
  postal: async () => { await withPassword("bc"); await ways(postal); },
  operator: async () => { await withPassword("vt"); await withPassword("quansat"); await ways(operator); },
  head: async () => { await withPassword("head"); await ways(head); },
};

try {
  await passwords();
  const only = process.argv.slice(3);
  for (const [name, part] of Object.entries(parts))
    if (only.length === 0 || only.includes(name)) await part();
} catch (error) {
  surprise(error);
}
await browser.close();
desk.stop();
finish();
