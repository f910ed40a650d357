// SPDX-License-Identifier: Apache-2.0
// What a test says: TAP.
let count = 0, failed = 0;

export const ok = (yes, name) => {
  count++;
  if (!yes) failed++;
  console.log(`${yes ? "ok" : "not ok"} ${count} - ${name}`);
};
export const is = (got, want, name) => {
  ok(got === want, name);
  if (got !== want) console.log(`# got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
};
export const surprise = (error) => ok(false, `no surprise: ${error.stack}`.replaceAll("\n", "\n# "));
export const finish = () => {
  console.log(`1..${count}`);
  process.exit(failed ? 1 : 0);
};
