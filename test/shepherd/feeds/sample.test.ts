import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { createSampleSource } from '../../../shepherd/feeds/sample.ts';

const SECOND = 1_000;
let nowMs = 0;
const now = (): number => nowMs;

describe('the sample feed', () => {
  it('has its history at once, then one more trading day every so many seconds', async () => {
    nowMs = 5_000_000;
    const source = await createSampleSource({ now, secondsADay: 2 });
    const lastDay = async (): Promise<unknown> => (await source.fetchBars(parseSymbol('GSPC'), {})).bars.at(-1)?.day;
    assert.equal((await source.fetchBars(parseSymbol('GSPC'), {})).bars[0]!.day, '2000-01-03');
    assert.equal(await lastDay(), '2019-10-01');
    assert.equal(source.today(), '2019-10-01');
    assert.equal(source.secondsToNextDay(), 2);
    nowMs += 1.5 * SECOND;
    assert.equal(await lastDay(), '2019-10-01');
    assert.equal(source.secondsToNextDay(), 0.5);
    nowMs += 0.5 * SECOND;
    assert.equal(await lastDay(), '2019-10-02');
    nowMs += 3 * 2 * SECOND;
    assert.equal(await lastDay(), '2019-10-07', 'the weekend of the 5th takes no time');
    assert.equal(source.today(), '2019-10-07');
  });

  it('shows the crash of March 2020 within five minutes, and ends on 2020-04-17', async () => {
    nowMs = 0;
    const source = await createSampleSource({ now, secondsADay: 2 });
    nowMs = 300 * SECOND;
    const { bars } = await source.fetchBars(parseSymbol('GSPC'), { from: parseDay('2020-03-16') });
    assert.equal(bars[0]!.close, 2386.129883);
    assert.equal(bars.at(-1)!.day, '2020-04-17');
    assert.equal(source.secondsToNextDay(), undefined);
    nowMs = 3_000 * SECOND;
    assert.equal(source.today(), '2020-04-17');
  });

  it('goes on from the last stored day, and does not fall behind its start', async () => {
    const at = async (day: string): Promise<string> => {
      nowMs = 0;
      return (await createSampleSource({ now, secondsADay: 2, lastStoredDay: parseDay(day) })).today();
    };
    assert.equal(await at('2020-03-16'), '2020-03-16');
    assert.equal(await at('2020-03-15'), '2020-03-13', 'a Sunday');
    assert.equal(await at('2010-01-01'), '2019-10-01');
    assert.equal(await at('2024-01-01'), '2020-04-17');
  });

  it('does not go back when its clock does', async () => {
    nowMs = 100 * SECOND;
    const source = await createSampleSource({ now, secondsADay: 2 });
    nowMs = 0;
    assert.equal(source.today(), '2019-10-01');
  });

  it('has one symbol only', async () => {
    const source = await createSampleSource({ now, secondsADay: 2 });
    await assert.rejects(source.fetchBars(parseSymbol('MSFT'), {}), {
      code: 'UNKNOWN_SYMBOL',
      message: 'The sample source has only GSPC, not "MSFT". Set SOURCE=yahoo or SOURCE=csv for other symbols.',
    });
    await assert.rejects(source.describe(parseSymbol('MSFT')), { code: 'UNKNOWN_SYMBOL' });
    assert.deepEqual(await source.describe(parseSymbol('GSPC')), { timeZone: 'America/New_York' });
  });
});
