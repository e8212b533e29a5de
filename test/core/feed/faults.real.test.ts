import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findFeedFaults } from '../../../core/feed/faults.ts';
import { createRandom } from '../../../core/random.ts';
import { toSeries } from '../../../core/series/price.ts';
import { readEvaluationBars } from './evaluationBars.ts';
import { INJECTIONS, inject, type InjectedKind } from './injectFault.ts';

/** Named one by one: other files of that folder are of other kinds, and a new one must not change what is asked here. */
const all = readEvaluationBars(['AAPL', 'BTC-USD', 'ETH-USD', 'GSPC', 'MSFT', 'PETR4.SA']);
const skip = all.length === 0 ? 'no evaluation data (set SHEPHERD_EVAL_DATA)' : false;
/** As a daily pull sends them: the newest bar and five known ones. */
const OVERLAP = 5;
const FIRST_DAY = 300;
/** Stored days handed in: enough to know the series' habits, few enough to ask 38,000 times. */
const PAST = 300;

describe('real series as they are', { skip }, () => {
  for (const { name, timeZone, bars } of all) {
    test(`${name}: no fault in the whole file`, () => {
      const closesOnly = bars.map((bar) => ({ ...bar, open: null, high: null, low: null, volume: null }));
      for (const incoming of [bars, closesOnly]) {
        assert.deepEqual(findFeedFaults({ known: toSeries([]), incoming, timeZone }), []);
      }
    });

    test(`${name}: no fault when pulled day by day`, () => {
      for (let t = FIRST_DAY; t < bars.length; t += 1) {
        const known = toSeries(bars.slice(Math.max(0, t - PAST), t));
        const incoming = bars.slice(t - OVERLAP, t + 1);
        assert.deepEqual(findFeedFaults({ known, lastBar: bars[t - 1]!, incoming, timeZone }), []);
      }
    });
  }
});

describe('200 faults injected into real series', { skip }, () => {
  const kinds = Object.keys(INJECTIONS) as InjectedKind[]; // its keys are the kinds
  for (const seed of [1, 2, 3]) {
    test(`none is missed, and each is named (seed ${seed})`, () => {
      const random = createRandom(seed);
      for (let k = 0; k < 200; k += 1) {
        const { name, timeZone, bars } = all[Math.floor(random() * all.length)]!;
        const kind = kinds[k % kinds.length]!;
        const t = FIRST_DAY + Math.floor(random() * (bars.length - FIRST_DAY - 40));
        const injected = inject(kind, bars, t, random);
        if (injected === undefined) {
          k -= 1;
          continue;
        }
        const faults = findFeedFaults({ ...injected, timeZone });
        const found = faults.map((fault) => fault.kind);
        assert.ok(found.includes(kind), `${name} ${bars[t]!.day}: ${kind} was taken for [${found.join()}]`);
      }
    });
  }
});
