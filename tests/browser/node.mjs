// SPDX-License-Identifier: Apache-2.0
// A line written to a log on disk is seen in the browser: node.mjs CANH. A whole node, its first
// account by the link that `canh user first` leaves. TAP.
import { spawn, execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url)), canh = process.argv[2];
let count = 0, failed = 0;
const ok = (yes, name) => {
  count++;
  if (!yes) failed++;
  console.log(`${yes ? "ok" : "not ok"} ${count} - ${name}`);
};

if (!existsSync(join(here, "node_modules/playwright-core")) ||
    !existsSync(process.env.CANH_CHROMIUM ?? "/usr/bin/chromium")) {
  console.log("1..0 # SKIP needs chromium, and `npm ci` in tests/browser");
  process.exit(0);
}
const { openBrowser, openPage, signIn, PASSWORD } = await import("./desk.mjs");

const freePort = () => new Promise((done) => {
  const s = createServer().listen(0, "127.0.0.1", () => {
    const { port } = s.address();
    s.close(() => done(port));
  });
});
const folder = mkdtempSync(join(tmpdir(), "canh-node-"));
const dir = join(folder, "node"), log = join(folder, "auth.log"), base = await freePort();
const user = process.getuid() === 0 ? ["--user", "root"] : [];
const run = (...args) => execFileSync(canh, [...args, "--lang", "en"],
  { encoding: "utf8", env: { ...process.env, CANH_DIR: dir } });

let node = null;
try {
  run("init", dir, ...user);
  writeFileSync(join(dir, "canh.conf"), `[detect]\nrules = ${join(dir, "rules")}\n`);
  run("user", "first", "truc", "--name", "Người Trực", "--dir", dir);
  const file = join(dir, "run/first-link");
  const link = readFileSync(file, "utf8").trim();
  ok(/^https:\/\/127\.0\.0\.1:8470\/welcome\/\S+$/.test(link), "the first link is a whole address");
  ok((statSync(file).mode & 0o777) === 0o600, "for its owner alone");
  writeFileSync(log, "");
  node = spawn(canh, ["serve", dir, "--port-base", String(base), ...user, "--lang", "en"],
    { stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise((done, fail) => {
    let text = "";
    node.stderr.on("data", (d) => {
      text += d;
      const m = text.match(/console=(\S+)/);
      if (m) done(m[1]);
    });
    node.on("exit", () => fail(new Error("the node ended: " + text)));
  });
  run("source", "add", "files", log, "--dir", dir);

  const browser = await openBrowser();
  const page = await openPage(browser);
  page.setDefaultTimeout(20000);
  await page.goto(url + new URL(link).pathname);
  await page.getByTestId("password").fill(PASSWORD);
  await page.getByTestId("again").fill(PASSWORD);
  await page.getByTestId("set").click();
  await signIn(page, "truc");
  await page.getByTestId("my-shift").waitFor();
  ok(!existsSync(file), "the link's file is gone once it was used");
  await page.locator('#line[data-state="on"]').waitFor({ state: "attached" });
  const row = page.getByTestId("alert").filter({ hasText: /Failed SSH Login|Đăng nhập SSH thất bại/ });
  for (let i = 0; i < 10 && !(await row.count()); i++) {  // before the file is followed, lines are old
    appendFileSync(log, "Nov 29 12:00:00 web01 sshd[7]: Failed password for root from 203.0.113.7 port 22 ssh2\n");
    await page.waitForTimeout(1500);
  }
  await row.waitFor();
  ok(true, "a line on disk becomes a row in the open page");
  ok((await row.textContent()).includes("web01"), "with the machine it is about");
  await row.getByTestId("ack").click();
  await row.waitFor({ state: "detached" });
  await page.goto(`${url}/search`);
  await page.getByTestId("search-query").fill('"Failed password"');
  await page.getByTestId("search-purpose").fill("thử tra cứu");
  await page.getByTestId("search-last").selectOption("1h");
  await page.getByTestId("search-go").click();
  await page.getByTestId("search-found").waitFor();
  const found = Number(await page.getByTestId("search-count").textContent());
  ok(found > 0 && await page.locator('[data-testid="search-events"] li').count() === found, `the journal is searched: ${found} records`);
  const bars = await page.locator('[data-testid="search-bar"] td').allTextContents();
  ok(bars.reduce((sum, text) => sum + Number(text), 0) === found, `whose bars are as many: ${bars.join(" ")}`);
  const events = await page.getByTestId("search-events").textContent();
  ok(events.includes("web01") && !events.includes("203.0.113.7"), "and people are masked");
  await page.locator('[data-testid="search-found"] summary').click();
  await page.locator('[data-testid="search-bar"] a').first().click();
  ok(Number(await page.getByTestId("search-count").textContent()) === Number(bars[0]), "a time of the table narrows it down");
  const asked = new URLSearchParams({ q: '"Failed password"', purpose: "nghe trực tiếp", last: "1h" });
  const looks = () => run("audit", "list", "--state", join(dir, "state"), "--json").split("nghe trực tiếp").length - 1;
  await page.goto(`${url}/search?${asked}&live=1`);
  await page.locator('#listening[data-state="on"]').waitFor();
  const [shown, looked] = [Number(await page.getByTestId("search-count").textContent()), looks()];
  await page.evaluate(() => { window.stays = true; });
  const fails = (host) => appendFileSync(log, `Nov 29 12:00:00 ${host} sshd[7]: Failed password for root from 203.0.113.7 port 22 ssh2\n` +
    `Nov 29 12:00:00 ${host} sshd[7]: Connection closed by 203.0.113.7 port 22\n`);
  fails("web02");
  await page.getByTestId("search-hit").first().waitFor();
  const hit = await page.getByTestId("search-hit").first().textContent();
  ok(hit.includes("web02") && hit.includes("Failed") && !hit.includes("203.0.113.7"), "what comes and is found stands in the open page, masked");
  ok(await page.getByTestId("search-hit").count() === 1 && Number(await page.getByTestId("search-count").textContent()) === shown + 1 &&
     await page.evaluate(() => window.stays), "it alone, counted, and the page was not asked for again");
  ok(looks() === looked, "who listens was written down when they began, and not again");
  // reads the stream until there are so many hits
  const hear = (last, most) => page.evaluate(async ({ path, last, most }) => {
    const stop = new AbortController(), reply = await fetch(path, { headers: last ? { "Last-Event-ID": last } : {}, signal: stop.signal });
    const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = "", part; ; ) {
      part = await reader.read();
      text += part.value ?? "";
      const hits = text.split("\n\n").slice(0, -1).filter((x) => x.includes("event: hit"));
      if (part.done || hits.length >= most) {
        stop.abort();
        return hits.map((x) => ({ id: x.match(/^id: (.*)$/m)[1], data: x.match(/^data: (.*)$/m)[1] }));
      }
    }
  }, { path: `/api/v1/search/live?${asked}&from=1`, last, most });
  const all = await hear(null, shown + 1);
  ok(all.length === shown + 1 && new Set(all.map((x) => x.id)).size === all.length, "from the beginning: each record once");
  fails("web03");
  const rest = await hear(all.at(-1).id, 1);
  ok(rest.length === 1 && rest[0].data.includes("web03"), "who comes back hears what came since, and only that");
  await page.goto(`${url}/search?q=x`);
  await page.getByTestId("hunt-open").click();
  await page.getByTestId("hunt-rule").fill("title: SSH\nlogsource: {product: linux, service: sshd}\ndetection:\n  k: ['Failed password']\n  condition: k\n");
  await page.getByTestId("hunt-purpose").fill("săn lại");
  await page.getByTestId("hunt-go").click();
  await page.getByTestId("search-found").waitFor();
  ok(Number(await page.getByTestId("search-count").textContent()) > 0, "a rule hunts in what is past");
  const secret = await page.locator('input[name="csrf"]').first().inputValue();
  const counted = await page.evaluate(async (token) => (await fetch("/api/v1/search", { method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": token },
    body: JSON.stringify({ q: '"Failed password"', purpose: "thử API", last: "1h", count_by: "process.name" }) })).json(), secret);
  ok(counted.matches > 0 && counted.values.some((x) => x.value === "sshd"), `and the API counts by a field: ${JSON.stringify(counted).slice(0, 600)}`);
  await page.goto(`${url}/admin`);
  const health = await page.getByTestId("findings").textContent();
  ok(!health.includes("canh serve") && await page.getByTestId("finding").count() > 4, "the node's own health is on its page");
  ok((await page.getByTestId("sources").textContent()).includes(log), "and where its events come from");
  await page.goto(`${url}/admin/rules`);
  ok(Number((await page.getByTestId("rules-loaded").textContent()).replace(/\D/g, "")) > 50, "how many rules the node works with");
  const carried = Number((await page.getByTestId("rules-loaded").textContent()).replace(/\D/g, ""));
  writeFileSync(join(folder, "bo-moi.yml"), "title: Luật thử\nid: 00000000-0000-4000-8000-000000000001\nstatus: stable\nlevel: high\ndate: 2026-10-01\nlogsource: {product: linux, service: sshd}\ndetection:\n  k: ['chuỗi chưa từng có']\n  condition: k\n");
  execFileSync("tar", ["-C", folder, "-cf", join(folder, "bo-moi.tar"), "bo-moi.yml"]);
  await page.getByTestId("rules-file").setInputFiles(join(folder, "bo-moi.tar"));
  await page.getByTestId("rules-import").click();
  await page.getByTestId("rules-imported").waitFor();
  for (let i = 0; i < 30 && Number((await page.getByTestId("rules-loaded").textContent()).replace(/\D/g, "")) === carried; i++) {
    await page.waitForTimeout(1000);
    await page.goto(`${url}/admin/rules`);
  }
  ok(Number((await page.getByTestId("rules-loaded").textContent()).replace(/\D/g, "")) === carried + 1 &&
     (await page.getByTestId("collections").textContent()).includes("bo-moi"), "a rule that is handed in is taken up by the node");
  await page.getByTestId("admin-keys").click();
  ok(await page.getByTestId("fingerprint").count() >= 3, "its certificates and their fingerprints");
  await page.getByTestId("admin-retention").click();
  ok((await page.getByTestId("settings").textContent()).includes("keep-events"), "how long records are kept");
  await page.getByTestId("admin-backup").click();
  await page.getByTestId("backup-make").click();
  await page.getByTestId("backup-made").waitFor();
  ok(existsSync(join(dir, "state-backup", await page.getByTestId("backups").locator("b").first().textContent(), "MANIFEST")), "a backup is made and restored on trial by a confined desk");
  if (existsSync("/usr/bin/pdftotext")) { // what reads it stands in two sandboxes
    const paper = await openPage(browser);
    await paper.setContent("<p>Số: 7/KH-UBND</p><p>KẾ HOẠCH</p><p>Bảo đảm an toàn thông tin</p><p>I. Nội dung</p>" +
      "<p>1. Thường xuyên sao lưu dữ liệu trên các hệ thống thông tin.</p><p>2. Cử cán bộ kỹ thuật trực theo dõi.</p>");
    await page.goto(`${url}/letters`);
    await page.getByTestId("letter-file").setInputFiles({ name: "a.pdf", mimeType: "application/pdf", buffer: await paper.pdf() });
    await page.getByTestId("letter-read").click();
    await page.getByTestId("clauses").waitFor();
    ok(await page.getByTestId("proposal").count() > 0, "a letter in PDF is read apart, and proposed for");
  }
  ok(run("audit", "list", "--state", join(dir, "state"), "--json").includes("thử tra cứu"), "each search is audited");
  ok(run("alert", "list", "--dir", dir, "--json").includes('"seen"'), "taken in the browser is taken everywhere");
  await browser.close();
} catch (error) {
  if (error.status !== 1 || error.stdout === undefined)
    ok(false, `no surprise: ${error.stack}`.replaceAll("\n", "\n# "));
  else
    ok(error.stdout.includes('"seen"'), "taken in the browser is taken everywhere");
}
node?.kill("SIGTERM");
await new Promise((done) => (node && node.exitCode === null ? node.on("exit", done) : done()));
rmSync(folder, { recursive: true, force: true });
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
