// SPDX-License-Identifier: Apache-2.0
// Writes a picture of every screen: shots.mjs DESK_HOST FOLDER
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startDesk, openBrowser, openPage, setPassword, signIn } from "./desk.mjs";

const [host, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const desk = await startDesk(host);
const first = await openBrowser();

const sizes = [{ width: 375, height: 740 }, { width: 1280, height: 800 }];
const setup = await openPage(first);
await setPassword(setup, desk, "an");
await setPassword(setup, desk, "khac");
await setPassword(setup, desk, "dieuphoi");

await first.close();

for (const colorScheme of ["light", "dark"])
  for (const viewport of sizes)
    for (const language of ["vi", "en"]) {
      if (colorScheme === "dark" && language === "en") continue;
      const browser = await openBrowser(); // one that took a hundred long pictures falls over
      const page = await openPage(browser, { viewport, colorScheme });
      const shot = (name) => page.screenshot({
        path: join(folder, `${name}-${language}-${viewport.width}${colorScheme === "dark" ? "-dark" : ""}.png`),
        fullPage: true,
      });
      await page.goto(`${desk.url}/sign-in`);
      if (language === "en") await page.getByTestId("to-en").click();
      await shot("1-sign-in");
      await signIn(page, "an", "sai mật khẩu rồi");
      await shot("2-sign-in-wrong");
      await signIn(page, "an");
      await page.getByTestId("my-shift").waitFor();
      await shot("3-shift");
      if (await page.getByTestId("take").count()) {
        await page.getByTestId("take").click();
        await page.getByTestId("done").waitFor();
        await shot("4-shift-taken");
      }
      await page.getByTestId("nav-alerts").click();
      await shot("5-alerts");
      await page.getByTestId("alert-link").first().click();
      await shot("6-alert");
      await page.getByTestId("nav-cases").click();
      await shot("8-cases");
      await page.getByTestId("case-link").first().click();
      await shot("9-case");
      await page.getByTestId("nav-todo").click();
      await shot("10-todo");
      await page.getByTestId("nav-forms").click();
      await shot("11-forms");
      await page.getByTestId("form-link").first().click();
      await shot("12-form");
      await page.goto(`${desk.url}/suppressions`);
      await shot("13-suppressions");
      for (const path of ["shift/calls", "duty-room", "more", "scan", "roster", "plan", "requests", "notices", "team"])
        await page.goto(`${desk.url}/${path}`).then(() => shot(`14-${path.replace("/", "-")}`));
      await page.goto(`${desk.url}/nowhere`);
      await shot("7-error");
      await page.context().close();
      const coordinator = await openPage(browser, { viewport, colorScheme });
      await coordinator.goto(`${desk.url}/sign-in`);
      if (language === "en") await coordinator.getByTestId("to-en").click();
      await signIn(coordinator, "dieuphoi");
      for (const path of ["province", "late", "report", "units", "people", "assets", "contacts", "findings",
        "outages", "approvals", "import/roster", "admin", "letters", "search", "me"]) {
        await coordinator.goto(`${desk.url}/${path}`);
        await coordinator.screenshot({
          path: join(folder, `15-${path.replace("/", "-")}-${language}-${viewport.width}${colorScheme === "dark" ? "-dark" : ""}.png`),
          fullPage: true,
        });
      }
      await coordinator.context().close();
      const admin = await openPage(browser, { viewport, colorScheme });
      await admin.goto(`${desk.url}/sign-in`);
      if (language === "en") await admin.getByTestId("to-en").click();
      await signIn(admin, "admin-t");
      for (const path of ["rules", "backup", "retention?days=120", "gateways", "keys"]) {
        await admin.goto(`${desk.url}/admin/${path}`);
        await admin.screenshot({
          path: join(folder, `16-admin-${path.split("?")[0]}-${language}-${viewport.width}${colorScheme === "dark" ? "-dark" : ""}.png`),
          fullPage: true,
        });
      }
      await browser.close();
    }
desk.stop();
