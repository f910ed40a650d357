// SPDX-License-Identifier: Apache-2.0
// The console under a path of a host, as a reverse proxy may have it: pages, scripts, events, what is
// typed and kept, signing in again where one was: path.mjs DESK_HOST. TAP.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { finish, is, ok, surprise } from "./tap.mjs";

const here = dirname(fileURLToPath(import.meta.url)), PREFIX = "/canh/tinh";
if (!existsSync(join(here, "node_modules/playwright-core")) ||
    !existsSync(process.env.CANH_CHROMIUM ?? "/usr/bin/chromium")) {
  console.log("1..0 # SKIP needs chromium, and `npm ci` in tests/browser");
  process.exit(0);
}
const { startDesk, openBrowser, openPage, setPassword, signIn, seen } = await import("./desk.mjs");

const desk = await startDesk(process.argv[2], PREFIX);
const browser = await openBrowser();
const pathOf = (page) => new URL(page.url()).pathname;

async function journey(viewport, lang) {
  const name = `${lang} ${viewport.width}`;
  const page = await openPage(browser, { viewport });
  const outside = [], wrong = [];
  page.on("request", (r) => { if (!(r.url() + "/").startsWith(desk.url + "/")) outside.push(r.url()); });
  page.on("pageerror", (e) => wrong.push(e.message));
  page.on("console", (m) => { if (m.type() === "error") wrong.push(m.text()); });

  await page.goto(desk.url);
  is(pathOf(page), PREFIX + "/sign-in", `${name}: nobody comes in`);
  if (lang === "en") await page.getByTestId("to-en").click();
  is(await page.locator("html").getAttribute("lang"), lang, `${name}: the language`);
  await signIn(page, "an");
  await page.getByTestId("my-shift").waitFor();
  const cookies = await page.context().cookies();
  is(cookies.filter((c) => c.path !== PREFIX + "/" || !c.secure).length, 0, `${name}: cookies of this path, by HTTPS`);
  ok(cookies.some((c) => c.name === "__Secure-canh" && c.httpOnly), `${name}: the session's among them`);
  if (await page.getByTestId("take").count()) await page.getByTestId("take").click();
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });

  const title = `Cảnh báo sau proxy ${name}`;
  desk.alert(title);
  const row = page.getByTestId("alert").filter({ hasText: title });
  await row.waitFor();
  ok(true, `${name}: an alert comes into the open page`);
  const href = await row.getByTestId("alert-link").getAttribute("href");
  ok(href.startsWith(PREFIX + "/alerts/"), `${name}: its link is under the path`);
  await row.getByTestId("ack").click();
  await row.waitFor({ state: "detached" });
  await page.goto(new URL(href, desk.url).href);
  ok(await seen(page.locator(".said .verdict")), `${name}: taken by one press`);

  // the session ends while a text is being typed: it waits behind the next sign-in, on its page
  await page.locator('input[value="real"]').check();
  await page.getByTestId("verdict").click();
  await page.getByTestId("nav-cases").click();
  await page.getByTestId("case-link").first().click();
  const at = pathOf(page);
  ok(at.startsWith(PREFIX + "/cases/"), `${name}: a case`);
  await page.locator("form[data-keep] textarea[id]").first().evaluate((e) => {
    e.closest("details")?.setAttribute("open", "");
    e.value = "đã rút dây mạng";
    e.dispatchEvent(new Event("input", { bubbles: true }));
  });
  const form = page.locator("form[data-keep]").first();
  const session = cookies.find((c) => c.name === "__Secure-canh");
  await page.context().clearCookies({ name: session.name });
  await form.evaluate((e) => e.requestSubmit());
  await page.getByTestId("login").waitFor();
  is(pathOf(page), PREFIX + "/sign-in", `${name}: a session that is over leads to the sign-in`);
  await signIn(page, "an");
  await page.locator("form[data-keep]").first().waitFor({ state: "attached" });
  is(pathOf(page), at, `${name}: and back to where one was`);
  is(await page.locator("form[data-keep] textarea[id]").first().inputValue(), "đã rút dây mạng", `${name}: what was typed waited`);

  await page.getByTestId("me").click();
  await page.getByTestId("sign-out").click();
  await page.getByTestId("login").waitFor();
  is(pathOf(page), PREFIX + "/sign-in", `${name}: out`);
  is(await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("canh-draft:")).length), 0,
    `${name}: and nothing is kept on the machine`);
  is(outside.join(), "", `${name}: nothing is asked for outside the path`);
  is(wrong.filter((w) => !/401|403/.test(w)).join(), "", `${name}: the browser has nothing to complain of`);

  const away = await page.goto(new URL("/alerts", desk.url).href);
  is(away.status(), 404, `${name}: beside the path is nothing`);
  ok((await page.textContent("body")).includes("[console] address"), `${name}: and what to do about it is told`);
  await page.context().close();
}

try {
  const first = await openPage(browser);
  await setPassword(first, desk, "an");
  is(pathOf(first), PREFIX + "/sign-in", "an invitation's page is under the path");
  await first.context().close();
  await journey({ width: 1280, height: 800 }, "vi");
  if (!process.env.CANH_SANITIZED) await journey({ width: 375, height: 740 }, "en");
} catch (error) {
  surprise(error);
}
await browser.close();
desk.stop();
finish();
