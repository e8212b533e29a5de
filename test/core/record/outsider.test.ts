import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeCheckpoint } from '../../../core/record/checkpoint.ts';
import { createSigner, makeSigningKey, openNote } from '../../../core/record/note.ts';
import { leafHash, WholeTree } from '../../../lab/merkleProofs.ts';
import { projectRoot } from '../../helpers/projectRoot.ts';

const ENVIRONMENT = { ...process.env, GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local' };
const folder = mkdtempSync(join(tmpdir(), 'outsider-'));
let unavailable: string | undefined;

before(() => {
  for (const file of ['go.mod', 'go.sum', 'outsider.go'])
    copyFileSync(join(projectRoot, 'test/core/record/go', file), join(folder, file));
  const built = spawnSync('go', ['build', '-o', 'outsider', '.'], { cwd: folder, env: ENVIRONMENT, encoding: 'utf8' });
  if (built.error !== undefined) unavailable = 'Go is not installed here';
  else if (built.status !== 0) unavailable = `golang.org/x/mod cannot be had here: ${built.stderr.slice(0, 200)}`;
});
after(() => {
  rmSync(folder, { recursive: true });
});

const signer = createSigner(makeSigningKey('shepherd'));
const texts = Array.from({ length: 21 }, (_, i) => JSON.stringify([i, 'zwölf – 🐑']));
const tree = new WholeTree(texts.map(leafHash));
const checkpointOver = (size: number): string =>
  signer.sign(
    writeCheckpoint({ origin: 'shepherd/test', size, root: tree.root(size), sealedAt: '2026-11-21T22:00:00.000Z' }),
  );
const given = (size: number, later: number) => ({
  VerifierKey: signer.verifierKey,
  Checkpoints: [checkpointOver(size), checkpointOver(later)],
  Consistency: tree.proveConsistency(size, later).map(base64),
  Texts: texts.slice(0, later),
  Inclusion: texts.slice(0, later).map((_, i) => tree.proveInclusion(i, later).map(base64)),
});
function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
const ask = (input: object): string =>
  spawnSync(join(folder, 'outsider'), { input: JSON.stringify(input), encoding: 'utf8' }).stdout;

test('Go’s own packages accept our checkpoints and proofs, and nothing that was changed', (t) => {
  if (unavailable !== undefined) {
    t.skip(unavailable);
    return;
  }
  for (const [size, later] of [
    [1, 2],
    [3, 7],
    [7, 8],
    [8, 21],
    [20, 21],
  ] as const)
    assert.equal(ask(given(size, later)), `sound: ${size} leaves, then ${later}\n`);
  const sound = given(8, 21);
  for (const change of [
    { Texts: sound.Texts.with(4, 'another') },
    { Consistency: sound.Consistency.toReversed() },
    { Checkpoints: [sound.Checkpoints[0], sound.Checkpoints[1]!.replace('\n21\n', '\n20\n')] },
    { VerifierKey: createSigner(makeSigningKey('shepherd')).verifierKey },
  ])
    assert.match(ask({ ...sound, ...change }), /^refused: /);
});

test('a note opens with the key that signed it and with no other, and not after a change', () => {
  const note = checkpointOver(5);
  assert.match(note, /^shepherd\/test\n5\n[\w+/=]{44}\nsealed 2026-11-21T22:00:00.000Z\n\n\u2014 shepherd [\w+/=]+\n$/);
  assert.equal(openNote(note, signer.verifierKey), note.slice(0, note.indexOf('\n\n') + 1));
  assert.equal(openNote(note, createSigner(makeSigningKey('shepherd')).verifierKey), undefined);
  assert.equal(openNote(note.replace('\n5\n', '\n6\n'), signer.verifierKey), undefined);
  assert.equal(openNote('no note', signer.verifierKey), undefined);
  assert.throws(() => createSigner('PRIVATE+KEY+x+00000000+AAAA'), RangeError);
});
