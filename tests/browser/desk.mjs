// SPDX-License-Identifier: Apache-2.0
// A console of invented data, and a browser that trusts its certificate.
import { chromium } from "playwright-core";
import { PASSWORD, phoneCode, startDesk } from "./host.mjs";

export { PASSWORD, phoneCode, startDesk };

export const openBrowser = () => chromium.launch({
  executablePath: process.env.CANH_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
});

export const openPage = async (browser, options = {}) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  clicksArrive(page);
  return page;
};

/** A click that leads elsewhere ends when that page can be read, not when its first byte came; so
 *  does one that a script sends and goes on from, which leaves its form busy meanwhile. */
function clicksArrive(page) {
  const locator = Object.getPrototypeOf(page.locator("body"));
  if (locator.clicksArrive) return;
  const { click } = locator;
  locator.clicksArrive = true;
  locator.click = async function (...options) {
    await click.apply(this, options);
    await this.page().locator("form[aria-busy]").first().waitFor({ state: "detached" });
    await this.page().waitForLoadState("domcontentloaded");
  };
}

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
