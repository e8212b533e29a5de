#!/usr/bin/env node
// Checks a record that `shepherd audit --bundle` wrote. Needs nothing but Node: take this one file along.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const { symbol, head, events, models, promotions } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const faults = [];
const told = [];
let previous = Buffer.from([0]);
for (const [i, { id, hash, text }] of events.entries()) {
  if (id !== String(i + 1)) faults.push(`event ${id} stands where event ${i + 1} must`);
  if (text !== null) {
    const right = createHash('sha256').update(previous).update(text).digest('hex');
    if (right !== hash) faults.push(`event ${id} is not as it was appended, or the one before it is another`);
    told.push(JSON.parse(text));
  }
  previous = Buffer.from(hash, 'hex');
}
if ((events.at(-1)?.hash ?? null) !== head) faults.push('the head is not the hash of the last event');

// What the tables say must be in the chain: every promotion, and the digest of every model that was trained in a run.
const of = (...kinds) => told.filter(([, , , about, kind]) => about === symbol && kinds.includes(kind));
const lives = of('champion:promoted', 'champion:rolled-back').map(
  ([, , , , , payload]) => payload.version ?? payload.to,
);
const stated = promotions.map(({ version }) => version).reverse();
if (lives.join() !== stated.join())
  faults.push(`the chain tells of the models ${lives.join(', ')} going live, the list of ${stated.join(', ')}`);
const trained = new Set(of('training:finished').map(([, , , , , payload]) => payload.sha256));
for (const { version, arm, sha256 } of models)
  if (arm !== 'imported' && !trained.has(sha256))
    faults.push(`no event tells of the training of model ${version} (${sha256})`);

for (const fault of faults) process.stderr.write(`FAULT: ${fault}\n`);
process.stdout.write(
  `${symbol}: ${events.length} events, ${told.length} with their text, ${models.length} models, head ${head}: ${faults.length === 0 ? 'sound' : 'NOT sound'}.\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
