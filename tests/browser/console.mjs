// SPDX-License-Identifier: Apache-2.0
// The console in a real browser: console.mjs DESK_HOST. TAP.
import { existsSync, readFileSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
let count = 0, failed = 0;
const ok = (yes, name) => {
  count++;
  if (!yes) failed++;
  console.log(`${yes ? "ok" : "not ok"} ${count} - ${name}`);
};
const is = (got, want, name) => {
  ok(got === want, name);
  if (got !== want) console.log(`# got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
};

if (!existsSync(join(here, "node_modules/playwright-core")) ||
    !existsSync(process.env.CANH_CHROMIUM ?? "/usr/bin/chromium")) {
  console.log("1..0 # SKIP needs chromium, and `npm ci` in tests/browser");
  process.exit(0);
}
const { startDesk, openBrowser, openPage, setPassword, signIn, PASSWORD } = await import("./desk.mjs");
const axe = readFileSync(join(here, "node_modules/axe-core/axe.min.js"), "utf8");

const desk = await startDesk(process.argv[2]);
const browser = await openBrowser();
const PHONE = { width: 375, height: 740 }, SCREEN = { width: 1280, height: 800 };

// The page's scripts are not let in by the policy of the page; the tester's are, in a world of
// their own.
async function accessible(page, name) {
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
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  ok(wide <= 0, `${name}: nothing is wider than the screen`);
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
  ok(await page.getByTestId("message").isVisible(), "two passwords that differ are refused");
  await accessible(page, "welcome");
  for (const login of ["an", "binh", "head", "khac", "quansat"]) await setPassword(page, desk, login);
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
  await page.getByTestId("alive").click();
  ok(await page.getByTestId("done").isVisible(), `${name}: a sign of life`);
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
  ok(await page.locator(".said .verdict").isVisible(), `${name}: who took it stands there`);
  await accessible(page, `${name} alert`);
  await page.locator('input[value="false"]').check();
  await page.getByTestId("note").fill("đã gọi phòng máy");
  await page.getByTestId("verdict").click();
  await page.getByTestId("done").waitFor();
  ok(await page.getByText("đã gọi phòng máy").isVisible(), `${name}: a verdict with its note`);
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
  ok(await page.getByTestId("done").isVisible(), "without scripts: a line in the log");
  await page.context().close();
}

const api = JSON.parse(readFileSync(join(here, "../../console/openapi.json"), "utf8"));

// Every path for every role, on an object of the own unit and of another one.
async function roles() {
  const open = async (login) => {
    const page = await openPage(browser);
    await page.goto(`${desk.url}/sign-in`);
    await signIn(page, login);
    await page.waitForURL((u) => u.pathname === "/");
    return page;
  };
  const own = await open("binh");
  const id = (await call(own, "GET", "/api/v1/alerts?show=all")).json.items[0].id;
  await own.context().close();
  const may = { an: [200, 200], head: [200, 200], khac: [404, 404], quansat: [200, 403] };
  for (const [login, [read, write]] of Object.entries(may)) {
    const page = await open(login);
    const me = await call(page, "GET", "/api/v1/me");
    const csrf = { "X-CSRF-Token": me.json.csrf };
    for (const [path, methods] of Object.entries(api.paths))
      for (const method of Object.keys(methods)) {
        const where = path.replace("{id}", id);
        if (path.endsWith("/live") || path.endsWith("/session")) continue;
        const mine = !path.includes("{id}");
        const body = method === "post" ? { verdict: "seen" } : undefined;
        const got = await call(page, method.toUpperCase(), where, body, csrf);
        is(got.status, mine ? 200 : method === "get" ? read : write, `${login}: ${method} ${path}`);
        ok(Object.keys(methods[method].responses).includes(String(got.status)),
          `${login}: ${method} ${path} answers what openapi.json says`);
        if (got.status >= 400) {
          is(Object.keys(got.json).sort().join(), "code,field,message", `${login}: the error's shape`);
          continue;
        }
        const schema = methods[method].responses["200"].content["application/json"].schema.$ref;
        for (const key of api.components.schemas[schema.split("/").pop()].required)
          ok(key in got.json, `${login}: ${method} ${path} has ${key}`);
      }
    if (write === 200)
      is((await call(page, "POST", `/api/v1/alerts/${id}/ack`, { verdict: "seen" })).status, 403,
        `${login}: without the form's secret nothing changes`);
    const bad = await call(page, "POST", `/api/v1/alerts/${id}/ack`, { verdict: "perhaps" }, csrf);
    ok(bad.status >= 400 && bad.status < 500, `${login}: an unknown verdict is refused`);
    const none = await call(page, "GET", "/api/v1/alerts/" + "0".repeat(32));
    is(none.status, 404, `${login}: no such alert`);
    await page.context().close();
  }
}

async function nobody() {
  const page = await openPage(browser);
  await page.goto(`${desk.url}/sign-in`);
  for (const [path, methods] of Object.entries(api.paths))
    for (const method of Object.keys(methods)) {
      if (path === "/api/v1/session" && method === "post") continue;
      const got = await call(page, method.toUpperCase(), path.replace("{id}", "0".repeat(32)),
        method === "post" ? {} : undefined);
      is(got.status, 401, `nobody: ${method} ${path}`);
    }
  const signed = await call(page, "POST", "/api/v1/session", { login: "an", password: PASSWORD });
  is(signed.status, 200, "signing in by the API");
  const out = await call(page, "DELETE", "/api/v1/session", undefined, { "X-CSRF-Token": signed.json.csrf });
  is(out.status, 204, "and out");
  is((await call(page, "POST", "/api/v1/session", { login: "an", password: "sai mật khẩu" })).status, 403,
    "a wrong password");
  is((await call(page, "POST", "/api/v1/session", [1])).status, 422, "no object");
  await page.context().close();
}

try {
  await passwords();
  await thread(SCREEN, "vi", "an");
  await thread(PHONE, "vi", "an");
  await thread(SCREEN, "en", "an");
  await thread(PHONE, "en", "an");
  await plain();
  await roles();
  await nobody();
} catch (error) {
  ok(false, `no surprise: ${error.stack}`.replaceAll("\n", "\n# "));
}
await browser.close();
desk.stop();
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
