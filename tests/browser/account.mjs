// SPDX-License-Identifier: Apache-2.0
// Signing in with a code on the phone: turned on, asked for, used once, lost with the phone and
// forgotten by whoever looks after accounts: account.mjs DESK_HOST. TAP.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { finish, is, ok, surprise } from "./tap.mjs";

const here = dirname(fileURLToPath(import.meta.url));
if (!existsSync(join(here, "node_modules/playwright-core")) ||
    !existsSync(process.env.CANH_CHROMIUM ?? "/usr/bin/chromium")) {
  console.log("1..0 # SKIP needs chromium, and `npm ci` in tests/browser");
  process.exit(0);
}
const { startDesk, openBrowser, openPage, signIn, phoneCode, PASSWORD, seen } = await import("./desk.mjs");

const desk = await startDesk(process.argv[2]);
const browser = await openBrowser();
const NEW_PASSWORD = "năm con ngựa trắng";

async function open(viewport, lang, path = "/sign-in") {
  const page = await openPage(browser, { viewport });
  await page.goto(desk.url + path);
  if (lang === "en") await page.getByTestId("to-en").click();
  return page;
}

const isIn = async (page) => (await page.goto(`${desk.url}/me`), new URL(page.url()).pathname === "/me");

async function enter(page, login, code, password = PASSWORD) {
  if (code) await page.getByTestId("code").fill(code);
  await signIn(page, login, password);
}

async function leave(page) {
  await page.goto(`${desk.url}/me`);
  await page.getByTestId("out-all").click();
  await page.getByTestId("login").waitFor();
}

async function turnOn(page, name, step) {
  const key = await page.getByTestId("secret").textContent();
  const other = phoneCode(key, step) === "123456" ? "654321" : "123456";
  await page.getByTestId("second-code").fill(other);
  await page.getByTestId("second-set").click();
  ok(await seen(page.getByTestId("message")), `${name}: a code that does not fit turns nothing on`);
  await page.getByTestId("second-code").fill(phoneCode(key, step));
  await page.getByTestId("second-set").click();
  ok(await seen(page.getByTestId("second-on")), `${name}: one that fits does`);
  return key;
}

// A code counts a step before and after its own: those of the steps from `step` on come in time.
async function second(page, name, login, key, step) {
  await leave(page);
  await enter(page, login);
  ok(await seen(page.getByTestId("code")), `${name}: the password alone is not enough, a code is asked for`);
  is(await page.getByTestId("login").inputValue(), login, `${name}: who it is stays typed`);
  ok(!await isIn(page), `${name}: nobody is in by then`);
  await page.goto(`${desk.url}/sign-in`);
  await enter(page, login);
  await enter(page, login, "000000" === phoneCode(key, step + 1) ? "000001" : "000000");
  const wrong = await page.getByTestId("message").textContent();
  await enter(page, login, phoneCode(key, step));
  is(await page.getByTestId("message").textContent(), wrong, `${name}: the code that turned it on is used up: as a wrong one`);
  await enter(page, login, phoneCode(key, step + 1).replace(/(...)/, "$1 "));
  ok(await isIn(page), `${name}: the phone's next one lets them in, with a blank in it or not`);
  await leave(page);
  await enter(page, login);
  await enter(page, login, phoneCode(key, step + 1));
  is(await page.getByTestId("message").textContent(), wrong, `${name}: who saw it over a shoulder cannot use it again`);
  ok(!await isIn(page), `${name}: and is not in`);
}

// The phone is lost. Whoever looks after accounts resets this one, by a link that is good once.
async function recover(viewport, lang, name, login, old) {
  const admin = await open(viewport, lang, "/sign-in?next=/people");
  await signIn(admin, "admin-a");
  await admin.getByRole("link", { name: login, exact: true }).click();
  await admin.getByTestId("account-reset").click();
  const link = await admin.getByTestId("invitation").textContent();
  ok(link.startsWith(`${desk.url}/welcome/`), `${name}: a reset shows a link`);
  await admin.context().close();
  ok(!await isIn(old), `${name}: who was signed in there is out`);

  const page = await open(viewport, lang, new URL(link).pathname);
  for (const id of ["password", "again"]) await page.getByTestId(id).fill(NEW_PASSWORD);
  await page.getByTestId("set").click();
  await page.getByTestId("login").waitFor();
  await enter(page, login);
  ok(await seen(page.getByTestId("message")), `${name}: the old password is none any more`);
  await enter(page, login, null, NEW_PASSWORD);
  ok(await isIn(page), `${name}: the new one is enough, until a new phone has a key`);
  ok(await seen(page.getByTestId("secret")), `${name}: which is offered`);
  is((await page.goto(link)).status(), 403, `${name}: the link is used up`);
  await page.context().close();
}

async function walk(viewport, lang, login) {
  const name = `${lang} ${viewport.width}`, page = await open(viewport, lang);
  const step = Math.floor(Date.now() / 30000);
  await page.goto(`${desk.url}/sign-in?next=/me`);
  await signIn(page, login);
  const stays = await page.context().storageState();
  const key = await turnOn(page, name, step);
  await second(page, name, login, key, step);
  await enter(page, login);
  await page.waitForTimeout(Math.max(0, (step + 1) * 30000 - Date.now())); // too early before
  await enter(page, login, phoneCode(key, step + 2));
  ok(await isIn(page), `${name}: the one after it is good again`);
  const stolen = await openPage(browser, { viewport, storageState: stays });
  ok(!await isIn(stolen), `${name}: a session's cookie is worth nothing after its owner has signed out`);
  await stolen.context().close();
  await recover(viewport, lang, name, login, page);
  await page.context().close();
}

try {
  await walk({ width: 1280, height: 800 }, "vi", "observer-a");
  if (!process.env.CANH_SANITIZED) await walk({ width: 375, height: 740 }, "en", "official-a");
} catch (error) {
  surprise(error);
}
await browser.close();
desk.stop();
finish();
