import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom, normal } from '../../../core/random.ts';
import { addDays, parseDay, weekday } from '../../../core/series/day.ts';
import { toSeries, type PriceBar } from '../../../core/series/price.ts';
import type { HeldLevel } from '../../../core/feed/heldLevel.ts';
import { judgeBars, type BarVerdict, type IncomingBars } from '../../../core/feed/judgeBars.ts';

/** Weekdays of a seeded walk. */
const bars: readonly PriceBar[] = (() => {
  const random = createRandom(5);
  const walk: PriceBar[] = [];
  let close = 100;
  for (let day = parseDay('2019-01-01'); walk.length < 140; day = addDays(day, 1)) {
    if (weekday(day) % 6 === 0) continue;
    const open = close * Math.exp(0.003 * normal(random));
    close = open * Math.exp(0.01 * normal(random));
    const [low, high] = [Math.min(open, close) * 0.998, Math.max(open, close) * 1.002];
    walk.push({ day, open, high, low, close, adjustedClose: null, volume: 1e6 });
  }
  return walk;
})();

const times = ({ close, open, high, low, ...bar }: PriceBar, factor: number): PriceBar => ({
  ...bar,
  close: close * factor,
  open: (open ?? close) * factor,
  high: (high ?? close) * factor,
  low: (low ?? close) * factor,
});

const JUMP = 120;
/** Half the level from the bar `JUMP` on. */
const fallen = bars.map((bar, i) => (i < JUMP ? bar : times(bar, 0.5)));
const question: IncomingBars = {
  transform: 'log-return',
  timeZone: 'UTC',
  known: toSeries(bars.slice(0, JUMP)),
  bars: [],
  replacesHistory: false,
  problems: [],
  splits: [],
  held: [],
  settled: [],
  rejected: [],
};
const judge = (more: Partial<IncomingBars>): BarVerdict => judgeBars({ ...question, ...more });
const daysOf = (list: readonly PriceBar[]) => list.map(({ day }) => day);
/** A pull that re-reads ten known days and sees `count` days of the new level. */
const seen = (count: number) => fallen.slice(JUMP - 10, JUMP + count);
const level: HeldLevel = { kind: 'split-unadjusted', day: bars[JUMP]!.day, firstHeldTo: bars[JUMP]!.day };

test('sound bars pass whole, whatever they overlap', () => {
  const sent = bars.slice(JUMP - 10, JUMP + 5);
  assert.deepEqual(judge({ bars: sent }), { sound: sent, heldBack: [], released: [] });
  assert.deepEqual(judge({ bars: [] }), { sound: [], heldBack: [], released: [] });
});

test('a level that fell by half is held from its first day, and everything before it passes', () => {
  const { sound, heldBack } = judge({ bars: seen(3) });
  assert.deepEqual(daysOf(sound), daysOf(bars.slice(JUMP - 10, JUMP)));
  assert.deepEqual(
    heldBack.map(({ fault, bars: held }) => [fault.kind, fault.day, fault.lastDay, held.length]),
    [['split-unadjusted', bars[JUMP]!.day, bars[JUMP + 2]!.day, 3]],
  );
});

test('four days after its discovery a level is still held, the fifth releases it with all its bars', () => {
  const waiting = judge({ bars: seen(5), held: [level] });
  assert.deepEqual([waiting.released, waiting.heldBack[0]?.bars.length], [[], 5]);
  const confirmed = judge({ bars: seen(6), held: [level] });
  assert.deepEqual(confirmed, { sound: seen(6), heldBack: [], released: [level] });
});

test('days that were held when the level was first seen are no news about it', () => {
  const known: HeldLevel = { ...level, firstHeldTo: bars[JUMP + 5]!.day };
  assert.deepEqual(judge({ bars: seen(10), held: [known] }).released, []);
  assert.deepEqual(judge({ bars: seen(11), held: [known] }).released, [known]);
});

test('a level that returned is not released, nor one that the feed explains by a split', () => {
  const back = [...seen(6), ...bars.slice(JUMP + 6, JUMP + 9)];
  assert.deepEqual(judge({ bars: back, held: [level] }).released, []);
  const split = { day: bars[JUMP]!.day, numerator: 2, denominator: 1 };
  assert.deepEqual(judge({ bars: seen(9), held: [level], splits: [split] }).released, []);
  const other = { ...split, numerator: 7 };
  assert.deepEqual(judge({ bars: seen(9), held: [level], splits: [other] }).released, [level]);
});

test('a unit error never confirms itself', () => {
  const cents = bars.map((bar, i) => (i < JUMP ? bar : times(bar, 100))).slice(JUMP - 10);
  const { released, heldBack } = judge({ bars: cents, held: [level] });
  assert.deepEqual([released, heldBack[0]?.fault.kind, heldBack[0]?.bars.length], [[], 'unit-error', 20]);
});

test('a fault inside a released level is still held', () => {
  const sent = seen(8).map((bar, i) => (i === 14 ? times(bar, 100) : bar));
  const { released, heldBack, sound } = judge({ bars: sent, held: [level] });
  assert.deepEqual(released, [level]);
  assert.deepEqual(
    heldBack.map(({ fault }) => [fault.kind, fault.day]),
    [['unit-error', sent[14]!.day]],
  );
  assert.equal(sound.length, sent.length - 1);
});

test('what was settled is not found again, on its own day and kind alone', () => {
  assert.deepEqual(judge({ bars: seen(3), settled: [level] }).heldBack, []);
  const elsewhere = { kind: 'split-unadjusted', day: bars[JUMP + 1]!.day } as const;
  assert.equal(judge({ bars: seen(3), settled: [elsewhere] }).heldBack.length, 1);
});

test('a copy of the last stored bar is told from a quiet day, also when it comes alone', () => {
  const copy = { ...bars[JUMP - 1]!, day: bars[JUMP]!.day };
  assert.deepEqual(
    judge({ bars: [copy], lastBar: bars[JUMP - 1] }).heldBack.map(({ fault }) => fault.kind),
    ['repeated-tick'],
  );
  const settled = [{ kind: 'repeated-tick', day: copy.day } as const];
  assert.deepEqual(judge({ bars: [copy], lastBar: bars[JUMP - 1], settled }).sound, [copy]);
});

test('closes that are no prices and rows that cannot be read are told apart from the others', () => {
  const day = bars[JUMP + 2]!.day;
  const problems = [{ day, field: 'open', read: 'missing', sentence: 'The open is missing.' }];
  const sent = bars.slice(JUMP, JUMP + 2).map((bar, i) => (i === 1 ? { ...bar, close: 0 } : bar));
  const { sound, heldBack } = judge({ bars: sent, problems });
  assert.deepEqual(sound, [sent[0]]);
  assert.deepEqual(
    heldBack.map(({ fault, bars: held }) => [fault.kind, fault.evidence, fault.sentence, held]),
    [
      ['invalid-price', { field: 'open', read: 'missing' }, 'The open is missing.', []],
      [
        'invalid-price',
        { field: 'close', read: '0' },
        `The close of ${sent[1]!.day} is 0; expected a price above 0.`,
        [],
      ],
    ],
  );
});

test('what is settled as one kind is looked at again as another', () => {
  const settled = [{ kind: 'swapped-date', day: bars[JUMP]!.day } as const];
  assert.equal(judge({ bars: seen(3), settled }).heldBack[0]?.fault.kind, 'split-unadjusted');
});

test('what a person has rejected is neither stored, nor held again, nor missing, also when the days since confirm its level', () => {
  const first = fallen[JUMP]!;
  const rejected = [{ kind: 'split-unadjusted', bar: first } as const];
  const news: HeldLevel = { ...level, day: fallen[JUMP + 1]!.day, firstHeldTo: fallen[JUMP + 1]!.day };
  const { sound, heldBack, released } = judge({ bars: seen(7), held: [news], rejected });
  assert.deepEqual([released, heldBack], [[news], []]);
  assert.deepEqual(
    daysOf(sound),
    daysOf(seen(7)).filter((day) => day !== first.day),
  );
  const corrected = seen(7).map((bar) => (bar === first ? times(bar, 1.001) : bar));
  assert.equal(judge({ bars: corrected, held: [news], rejected }).sound.length, 16, 'nor at a close beside it');
  const right = [...bars.slice(JUMP - 10, JUMP + 1)];
  assert.deepEqual(judge({ bars: right, rejected }).sound, right, 'the day itself may yet arrive rightly');
});

test('a bar that was rejected for itself comes in as soon as the feed corrects any price of it', () => {
  const [sent] = bars.slice(JUMP);
  const rejected = [{ kind: 'invalid-price', bar: { ...sent!, low: sent!.close * 1.1 } } as const];
  assert.deepEqual(judge({ bars: [rejected[0]!.bar], rejected }), { sound: [], heldBack: [], released: [] });
  assert.deepEqual(judge({ bars: [sent!], rejected }).sound, [sent]);
});

test('days at a second level confirm the second alone; the first follows once the second is believed', () => {
  const twice = fallen.map((bar, i) => (i < JUMP + 3 ? bar : times(bar, 0.25)));
  const sent = (count: number) => twice.slice(JUMP - 10, JUMP + count);
  const second: HeldLevel = { ...level, day: bars[JUMP + 3]!.day, firstHeldTo: bars[JUMP + 3]!.day };
  const waiting = judge({ bars: sent(8), held: [level, second] });
  assert.deepEqual(waiting.released, [], 'two days since at the first level, four at the second');
  assert.deepEqual(
    waiting.heldBack.map(({ fault, bars: held }) => [fault.day, held.length]),
    [
      [level.day, 8],
      [second.day, 5],
    ],
  );
  assert.deepEqual(judge({ bars: sent(9), held: [level, second] }), {
    sound: sent(9),
    heldBack: [],
    released: [second, level],
  });
});

test('a series of differences may be zero, negative and halve', () => {
  const sent = bars.slice(JUMP, JUMP + 4).map((bar, i) => ({ ...times(bar, 0.5), close: i - 2 }));
  assert.deepEqual(judge({ transform: 'difference', bars: sent }).sound, sent);
});

test('days that are missing hold nothing', () => {
  const { sound, heldBack } = judge({ bars: bars.slice(JUMP + 8) });
  assert.equal(sound.length, 12);
  assert.deepEqual(
    heldBack.map(({ fault, bars: held }) => [fault.kind, held]),
    [['missing-days', []]],
  );
});

test('a whole history is judged by itself, and refused whole in another unit', () => {
  const whole = bars.map((bar) => times(bar, 0.5));
  assert.deepEqual(judge({ bars: whole, replacesHistory: true }), { sound: whole, heldBack: [], released: [] });
  const pence = bars.map((bar) => times(bar, 100));
  const { sound, heldBack } = judge({ bars: pence, replacesHistory: true });
  assert.deepEqual(
    [sound, heldBack.map(({ fault, bars: held }) => [fault.kind, held])],
    [[], [['unit-changed', pence]]],
  );

  const [rejected, settled] = [
    pence.slice(0, 130).map((bar) => ({ kind: 'unit-changed', bar }) as const),
    [{ kind: 'unit-changed', day: pence[0]!.day } as const],
  ];
  const later = judge({ bars: pence, replacesHistory: true, rejected });
  assert.deepEqual([later.sound, later.heldBack.map((each) => each.bars)], [[], [pence.slice(130)]], 'days after a no');
  assert.deepEqual(judge({ bars: pence, replacesHistory: true, settled }).sound, pence, 'a yes');
});
