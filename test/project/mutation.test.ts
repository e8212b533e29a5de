import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../helpers/projectRoot.ts';

interface Answer {
  readonly clean: boolean;
  readonly failed?: { readonly title: string; readonly message: string };
  readonly hits: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

interface Resident {
  readonly loadHits: Readonly<Record<string, number>>;
  readonly failure?: string;
  run(request: object, cpuSeconds: number): Promise<Answer>;
  end(): Promise<void>;
}

interface ResidentProcess {
  start(settings: object): Promise<Resident>;
}

/** As a source is instrumented: what the mutant would do, or a count and what stands there. */
const NAMES = ['load', 'minus', 'keep', 'wait', 'later'];
const SOURCE = `
const state = globalThis.__stryker__;
const NAMES = ${JSON.stringify(NAMES)};
const cover = (name) => { if (state.counting) state.counts[NAMES.indexOf(name)] += 1; };
const active = (name) => state.active === NAMES.indexOf(name);
export const base = active('load') ? 100 : (cover('load'), 10);
export const add = (a, b) => active('minus') ? a - b : (cover('minus'), a + b);
const kept = new Map();
export function keep(key) {
  if (!kept.has(key)) kept.set(key, active('keep') ? 'wrong' : (cover('keep'), 'right'));
  return kept.get(key);
}
export const wait = () => active('wait') ? new Promise(() => {}) : (cover('wait'), Promise.resolve());
export const later = () => active('later') ? setTimeout(() => { throw new Error('too late'); }, 20) : cover('later');
`;

const TESTS = `
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, it, test } from 'node:test';
import { add, base, keep, later, wait } from '../source.js';
test('adds', () => assert.equal(add(2, 1), 3));
test('starts at ten', () => assert.equal(base, 10));
test('keeps', () => assert.equal(keep('a'), 'right'));
test('waits', () => wait());
describe('with a resource', () => {
  let resource;
  before(() => (resource = { sum: add(1, 1) }));
  after(() => (resource = undefined));
  it('has it', () => assert.ok(resource.sum !== 3));
  it('keeps it', async (t) => { await t.test('inside', () => assert.ok(resource)); });
});
test('in a child', async () => {
  const [code] = await once(fork(new URL('../child.js', import.meta.url)), 'close');
  assert.equal(code, 3);
});
test('stays quiet', async () => { later(); await new Promise((go) => setTimeout(go, 40)); });
test.skip('is not run', () => assert.fail());
test('is not done yet', { todo: true }, () => assert.fail());
`;

describe('a process that runs the tests of a file again for each mutant', () => {
  let root: string;
  let started: Resident[];
  const start = async (more: object = {}): Promise<Resident> => {
    const url = pathToFileURL(join(projectRoot, 'bin/mutation/residentProcess.mjs')).href;
    const { ResidentProcess } = (await import(url)) as { ResidentProcess: ResidentProcess }; // its one export
    const resident = await ResidentProcess.start({ root, file: 'test/source.test.ts', ...more });
    started.push(resident);
    return resident;
  };
  const run = (resident: Resident, mutant: string, ...titles: string[]): Promise<Answer> =>
    resident.run({ mutant: String(NAMES.indexOf(mutant)), titles }, 60);
  const named = (hits: Readonly<Record<string, number>>): Record<string, number> =>
    Object.fromEntries(Object.entries(hits).map(([id, count]) => [NAMES[Number(id)] ?? id, count]));

  before(() => {
    started = [];
    root = mkdtempSync(join(tmpdir(), 'shepherd-mutation-test-'));
    mkdirSync(join(root, 'dist/test'), { recursive: true });
    writeFileSync(join(root, 'package.json'), '{"type":"module"}');
    writeFileSync(join(root, 'dist/source.js'), SOURCE);
    writeFileSync(join(root, 'dist/child.js'), `import { add } from './source.js'; process.exitCode = add(2, 1);`);
    writeFileSync(join(root, 'dist/test/source.test.js'), TESTS);
  });
  after(async () => {
    await Promise.all(started.map((each) => each.end()));
    rmSync(root, { recursive: true });
  });

  it('knows which test reaches which mutant, in hooks, child processes and while loading too', async () => {
    const resident = await start({ coverage: true });
    assert.deepEqual(named(resident.loadHits), { load: 1 });
    const { hits, failed } = await resident.run({ coverage: true }, 60);
    assert.equal(failed, undefined);
    assert.deepEqual(Object.fromEntries(Object.entries(hits).map(([title, own]) => [title, named(own)])), {
      adds: { minus: 1 },
      'starts at ten': {},
      keeps: { keep: 1 },
      waits: { wait: 1 },
      'with a resource > has it': { minus: 1 },
      'with a resource > keeps it': { minus: 1 },
      'in a child': { load: 1, minus: 1 },
      'stays quiet': { later: 1 },
    });
  });

  it('sees a mutant, and is as before without it, as often as asked', async () => {
    const resident = await start();
    for (let times = 0; times < 3; times += 1) {
      assert.equal((await run(resident, 'minus', 'starts at ten', 'adds')).failed?.title, 'adds');
      assert.equal((await run(resident, 'minus', 'with a resource > has it')).failed, undefined);
      assert.equal((await run(resident, 'no such mutant', 'adds')).failed, undefined);
      assert.equal((await run(resident, 'minus', 'in a child')).failed?.title, 'in a child');
    }
  });

  it('says when a failure may be another mutant’s doing', async () => {
    const resident = await start();
    assert.equal((await run(resident, 'keep', 'keeps')).clean, false);
    const innocent = await run(resident, 'minus', 'keeps');
    assert.ok(innocent.failed !== undefined && !innocent.clean);
    const other = await start();
    assert.deepEqual(
      [(await run(other, 'minus', 'adds')).clean, (await run(other, 'later', 'stays quiet')).clean],
      [true, false],
    );
  });

  it('does not wait for what never comes', async () => {
    assert.match((await run(await start(), 'wait', 'waits')).failed?.message ?? '', /nothing is left to settle/);
  });

  it('has a mutant active from the start where it is reached while loading', async () => {
    const resident = await start({ mutant: '0' });
    assert.equal((await run(resident, 'load', 'starts at ten')).failed?.title, 'starts at ten');
  });

  it('says why a file cannot be loaded', async () => {
    const resident = await start({ file: 'test/nowhere.test.ts' });
    assert.match(resident.failure ?? '', /Cannot find module/);
  });
});

it('each fault of a person’s kind still finds its place in the sources', () => {
  const faults = JSON.parse(readFileSync(join(projectRoot, 'bench', 'mutation', 'faults.json'), 'utf8')) as {
    readonly what: string;
    readonly file: string;
    readonly from: string;
    readonly to: string;
  }[]; // the file is ours
  const bare = (text: string): string => text.replaceAll(/\s+/g, ''); // however the code is broken into lines
  const lost = faults.filter(
    ({ file, from }) => !bare(readFileSync(join(projectRoot, file), 'utf8')).includes(bare(from)),
  );
  assert.deepEqual(
    lost.map(({ what, file }) => `${file}: ${what}`),
    [],
  );
  assert.ok(faults.every(({ from, to }) => from !== to));
});
