// SPDX-License-Identifier: Apache-2.0
// A console of invented data in a scratch folder, and a browser that trusts its certificate.
import { spawn, execFileSync } from "node:child_process";
import { createInterface } from "node:readline";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

export const PASSWORD = "bốn con ngựa trắng";

export async function startDesk(host) {
  const folder = mkdtempSync(join(tmpdir(), "canh-desk-"));
  const invitations = Object.fromEntries(
    execFileSync(host, ["make", join(folder, "state")], { encoding: "utf8" })
      .trim().split("\n").map((line) => line.split("\t")));
  const child = spawn(host, ["serve", join(folder, "state")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const url = (await lines.next()).value;
  return {
    url, invitations,
    alert: (title) => child.stdin.write(title + "\n"),
    stop: () => { child.kill(); rmSync(folder, { recursive: true, force: true }); },
  };
}

export const openBrowser = () => chromium.launch({
  executablePath: process.env.CANH_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

export const openPage = async (browser, options = {}) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  return page;
};

export async function setPassword(page, desk, login) {
  await page.goto(`${desk.url}/welcome/${desk.invitations[login]}`);
  await page.getByTestId("password").fill(PASSWORD);
  await page.getByTestId("again").fill(PASSWORD);
  await page.getByTestId("set").click();
}

/** Whether it comes to be seen: a click may be answered by a script or by another page. */
export const seen = (locator) => locator.waitFor().then(() => true, () => false);

export async function signIn(page, login, password = PASSWORD) {
  await page.getByTestId("login").fill(login);
  await page.getByTestId("password").fill(password);
  await page.getByTestId("enter").click();
}
