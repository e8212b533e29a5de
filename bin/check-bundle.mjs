#!/usr/bin/env node
// Checks a record that `shepherd audit --bundle` wrote. Needs nothing but Node: take this one file along.
//   node check-bundle.mjs record.json [VERIFIER_KEY]   the key of its owner, given to you another way than the file
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const bundle = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const { symbol, checkpoint, leaves, models, promotions } = bundle;
const verifierKey = process.argv[3] ?? bundle.verifierKey;
const faults = [];
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

// The root over all leaves: each time the number of leaves becomes even, the last two subtrees of one size become one.
const node = (left, right) => sha256(Buffer.of(1), left, right);
const roots = [];
for (const [i, { text, hash }] of leaves.entries()) {
  roots.push(text === undefined ? Buffer.from(hash, 'hex') : sha256(Buffer.of(0), text));
  for (let n = i + 1; n % 2 === 0; n /= 2) roots.push(node(...roots.splice(-2)));
}
const root = roots.length === 0 ? sha256() : roots.reduceRight((right, left) => node(left, right));

// The checkpoint: origin, number of leaves, root; a blank line; the signature (c2sp.org/tlog-checkpoint).
const [said, signed] = [
  /^[^]*\n(?=\n)/.exec(checkpoint ?? '')?.[0] ?? '',
  /\u2014 (\S+) (\S+)\n$/.exec(checkpoint ?? ''),
];
const [, name, , keyText] = /^(.+)\+([0-9a-f]{8})\+(.+)$/.exec(verifierKey) ?? [];
const spki = Buffer.concat([
  Buffer.from('302a300506032b6570032100', 'hex'),
  Buffer.from(keyText ?? '', 'base64').subarray(1),
]);
const signature = Buffer.from(signed?.[2] ?? '', 'base64').subarray(4);
const isSigned =
  signed?.[1] === name &&
  verify(null, Buffer.from(said), createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
if (!isSigned) faults.push('the checkpoint is not signed by the key');
const [origin, size, rootText] = said.split('\n');
if (Number(size) !== leaves.length) faults.push(`the checkpoint is over ${size} leaves, here are ${leaves.length}`);
else if (rootText !== root.toString('base64')) faults.push('a leaf is not as it was sealed, or not in its place');

// What the tables say must be in the record: every promotion, and the digest of every model that was trained in a run.
const texts = leaves.flatMap(({ text }) => (text === undefined ? [] : [JSON.parse(text)]));
const of = (...kinds) =>
  texts.filter(([id, , , about, kind]) => Number.isInteger(id) && about === symbol && kinds.includes(kind));
const lives = of('champion:promoted', 'champion:rolled-back').sort(([a], [b]) => a - b);
const told = lives.map(([, , , , , payload]) => payload.version ?? payload.to);
const stated = promotions.map(({ version }) => version).reverse();
if (told.join() !== stated.join())
  faults.push(`the record tells of the models ${told.join(', ')} going live, the list of ${stated.join(', ')}`);
const sealed = new Set(texts.filter(([kind]) => kind === 'model').map((text) => `${text[1]} ${text[7]}`));
for (const { version, sha256: digest } of models)
  if (!sealed.has(`${version} ${digest}`)) faults.push(`the record does not know model ${version} (${digest})`);

for (const fault of faults) process.stderr.write(`FAULT: ${fault}\n`);
process.stdout.write(
  `${symbol}: ${leaves.length} leaves of ${origin}, ${texts.length} with their text, ${models.length} models, root ${rootText}: ${faults.length === 0 ? 'sound' : 'NOT sound'}.\n` +
    `Signed by ${verifierKey}${process.argv[3] === undefined ? ', as the file itself says: compare it' : ''}.\n`,
);
process.exitCode = faults.length === 0 ? 0 : 1;
