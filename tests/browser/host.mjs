// SPDX-License-Identifier: Apache-2.0
// A console of invented data in a scratch folder, and whoever asks it without a browser.
import { spawn, execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import https from "node:https";

export const PASSWORD = "bốn con ngựa trắng";

/** prefix: what every path begins with. */
export async function startDesk(host, prefix) {
  const folder = mkdtempSync(join(tmpdir(), "canh-desk-"));
  const invitations = Object.fromEntries(
    execFileSync(host, ["make", join(folder, "state")], { encoding: "utf8" })
      .trim().split("\n").map((line) => line.split("\t")));
  const child = spawn(host, ["serve", join(folder, "state"), ...prefix ? [prefix] : []], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const url = (await lines.next()).value;
  return {
    url, invitations, state: join(folder, "state"),
    alert: (title, level) => child.stdin.write(`${level ? level + "\t" : ""}${title}\n`),
    runs: () => child.exitCode === null && child.signalCode === null,
    stop: () => { child.kill(); rmSync(folder, { recursive: true, force: true }); },
  };
}

// The certificate is the desk's own.
const agent = new https.Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 4 });

/** Somebody with a session of their own. `ask` resolves to {status, headers, bytes, text, json}. */
export class Client {
  constructor(desk) { this.url = desk.url; this.cookie = ""; this.csrf = {}; }

  request(method, path, headers, answered) {
    return https.request(this.url + path, { method, agent, headers: { cookie: this.cookie, ...headers } }, answered);
  }

  ask(method, path, { body, headers = {} } = {}) {
    return new Promise((good, bad) => {
      const text = [];
      const request = this.request(method, path, { "Content-Length": body === undefined ? 0 : Buffer.byteLength(body), ...headers },
        (reply) => {
          reply.on("data", (part) => text.push(part));
          reply.on("error", bad);
          reply.on("end", () => good(new Answer(reply, Buffer.concat(text))));
        });
      request.on("error", bad);
      request.end(body);
    });
  }

  call(method, path, value, headers = {}) {
    if (value === undefined || value === null) return this.ask(method, path, { headers });
    return this.ask(method, path, { body: JSON.stringify(value), headers: { "Content-Type": "application/json", ...headers } });
  }

  send(path, fields) {
    return this.ask("POST", path, { body: new URLSearchParams({ csrf: this.csrf["X-CSRF-Token"], ...fields }).toString(),
      headers: { "Content-Type": "application/x-www-form-urlencoded" } });
  }

  sendFile(path, name, bytes) {
    const mark = "canhcanh";
    return this.ask("POST", path, { headers: { "Content-Type": `multipart/form-data; boundary=${mark}`, ...this.csrf },
      body: `--${mark}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n\r\n${bytes}\r\n--${mark}--\r\n` });
  }

  async signIn(login, password = PASSWORD) {
    const got = await this.call("POST", "/api/v1/session", { login, password });
    this.cookie = (got.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0]).join("; ");
    this.csrf = { "X-CSRF-Token": got.json?.csrf };
    return got;
  }
}

class Answer {
  constructor(reply, bytes) {
    Object.assign(this, { status: reply.statusCode, headers: reply.headers, bytes, text: bytes.toString(), json: null });
    try { this.json = JSON.parse(this.text); } catch { /* a page */ }
  }
}

/** What a phone's app shows now, or at a step of 30 s, for a key (RFC 6238). */
export function phoneCode(text, step = Math.floor(Date.now() / 30000)) {
  const bits = [...text.replace(/ /g, "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}
