import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createRandom, normal } from '../../../core/random.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { runAssess } from '../../../shepherd/cli/assessFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'assess-'));
after(() => {
  rmSync(folder, { recursive: true });
});

function returns(count: number, seed: number, deviation = 0.01): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => deviation * normal(random));
}

function pricesFile(name: string, changes: readonly number[]): string {
  let level = 100;
  const rows = changes.map((change, t) => `${addDays(parseDay('2020-01-01'), t)},${(level *= Math.exp(change))}`);
  return file(name, ['Date,Close', ...rows]);
}

function file(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const dated = (value: number, t: number): string => `${addDays(parseDay('2020-01-01'), t)},${value.toFixed(9)}`;

/** Chunks cut without regard to lines, as a pipe does. */
async function* chunksOf(text: string): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += 1000) yield await Promise.resolve(text.slice(at, at + 1000));
}

async function run(args: string[], stdin = ''): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const status = await runAssess(args, { stdin: chunksOf(stdin), out: (line) => lines.push(line) });
  return { status, lines };
}

describe('two files', () => {
  const calm = pricesFile('reference.csv', returns(800, 1));

  test('prices are turned into returns and the whole check is told', async () => {
    const { status, lines } = await run([calm, pricesFile('wild.csv', returns(70, 2, 0.03))]);
    assert.equal(status, 0);
    assert.match(lines[0]!, /^verdict +drifted \(volatility\)$/);
    for (const label of ['statistic', 'raw p', 'calibrated p', 'threshold', 'windows']) {
      assert.ok(
        lines.some((line) => line.startsWith(label)),
        label,
      );
    }
  });

  test('--json gives the report; more of the same is stable', async () => {
    const { lines } = await run([calm, pricesFile('same.csv', returns(70, 3)), '--json']);
    const report = JSON.parse(lines.join('')) as Record<string, unknown>;
    assert.equal(report['verdict'], 'stable');
    assert.equal(report['threshold'], 0.05);
    assert.equal(report['referenceSize'], 799);
  });

  test('a column of returns is taken as it stands, a column of levels refused', async () => {
    const own = file('returns.csv', ['Date,Return', ...returns(300, 4).map(dated)]);
    const alone = file('alone.csv', ['x', ...returns(60, 5).map(String)]);
    assert.equal((await run([own, alone, '--json'])).status, 0);
    const levels = file('levels.csv', ['x', ...returns(60, 6).map((value, t) => String(100 + t + value))]);
    await assert.rejects(run([own, levels]), {
      code: 'LEVELS_NOT_RETURNS',
      message: /Give log returns, not prices\.$/,
    });
  });

  test('a file of returns is read as any other: newest first or last, with gaps, under either decimal mark', async () => {
    const rows = returns(300, 4).map(dated);
    const reports = [];
    for (const lines of [
      ['Date,Return', ...rows],
      ['Date,Return', ...rows.toReversed()],
      ['Date,Return', '2019-12-31,', ...rows, '2020-12-01,n/a'],
      ['Date;Return', ...rows.map((row) => row.replace(',', ';').replace('.', ','))],
    ]) {
      reports.push((await run([calm, file('rows.csv', lines), '--json'])).lines);
    }
    for (const report of reports) assert.deepEqual(report, reports[0]);
    const twice = file('twice.csv', ['Date,Return', '2020-01-01,0.01', '2020-01-01,0.02']);
    await assert.rejects(run([calm, twice]), {
      message: `${twice}, line 3, column "Return": 2020-01-01 is 0.02 here and 0.01 in line 2; expected one row a day.`,
    });
  });

  test('what cannot be read is named', async () => {
    await assert.rejects(run([calm]), { code: 'INVALID_INPUT' });
    await assert.rejects(run([calm, calm, '--level', 'often']), { code: 'INVALID_INPUT', message: /--level/ });
    await assert.rejects(run([calm, calm, '--level', '0.7']), { code: 'INVALID_CONFIG' });
    const broken = file('broken.csv', ['return', '0.01', '1%']);
    await assert.rejects(run([calm, broken]), { code: 'INVALID_CSV', message: /line 3, column "return"/ });
  });
});

describe('--jsonl', () => {
  const line = (reference: readonly number[], current: readonly number[]): string =>
    JSON.stringify({ reference, current });

  test('answers a line each, in order, faults included', async () => {
    const reference = returns(400, 7);
    const input = [
      line(reference, returns(60, 8)),
      line(reference, returns(60, 9, 0.03)),
      line(reference, returns(5, 10)),
      'not json',
      line(
        reference,
        returns(60, 11).map((value, t) => 50 + t + value),
      ),
    ].join('\n');
    const { status, lines } = await run(['--jsonl'], input);
    const answers = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    assert.equal(status, 2);
    assert.deepEqual(Object.keys(answers[0]!), ['d', 'p', 'calibratedP', 'verdict', 'cause', 'reason']);
    assert.deepEqual(
      answers.map((answer) => answer['verdict'] ?? answer['code']),
      ['stable', 'drifted', 'undetermined', 'INVALID_INPUT', 'LEVELS_NOT_RETURNS'],
    );
    assert.equal(answers[1]!['cause'], 'volatility');
    assert.equal(answers[2]!['d'], null);
    assert.match(String(answers[2]!['reason']), /5 .*needs|needs .*\b5\b|at least/i);
  });

  test('a line is answered alike wherever it stands', async () => {
    const one = line(returns(300, 12), returns(60, 13));
    const other = line(returns(300, 14), returns(60, 15));
    const { lines } = await run(['--jsonl'], `${one}\n${other}\n${one}`);
    assert.equal(lines[0], lines[2]);
  });
});
