// SPDX-License-Identifier: Apache-2.0
// node elasticsearch.mjs MODULE URL API-KEY CA WORD: Elastic's own client sends 500 documents by its
// bulk helper, twice; what became of them, as JSON.
import { readFileSync } from 'node:fs';

const [module, node, apiKey, ca, word] = process.argv.slice(2);
const { Client } = await import(module);
const client = new Client({ node, auth: { apiKey }, tls: { ca: readFileSync(ca) } });
const documents = Array.from({ length: 500 }, (_, n) => ({ m: word, n }));

async function send() {
  let refused = 0;
  const done = await client.helpers.bulk({
    datasource: documents,
    flushBytes: 20000,
    onDocument: d => ({ create: { _index: 'logs', _id: `${word}-${d.n}` } }),
    onDrop: d => { refused += d.status === 409; },
  });
  return { taken: done.successful, refused };
}

const info = await client.info();
console.log(JSON.stringify({
  version: info.version.number, first: await send(), again: await send() }));
