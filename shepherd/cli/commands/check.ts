import { describeDrift } from '../../../core/drift/distribution/describe.ts';
import { ShepherdError } from '../../../core/errors.ts';
import { lastDayOf } from '../../../core/series/price.ts';
import { loadChampion } from '../../run/champion.ts';
import { checkChampion, watchedWords } from '../../run/checkChampion.ts';
import { recordTogether } from '../../run/record.ts';
import { effectiveSettings } from '../../settings.ts';
import { readStoredHistory } from '../storedHistory.ts';
import { SYMBOL, printResult, symbolOrFirst, type Command } from './command.ts';

export const check: Command = {
  name: 'check',
  summary: "drift check of the latest returns against the champion's reference, stored and printed",
  usage: 'shepherd check [--symbol S] [--json]',
  examples: ['shepherd check', 'shepherd check --symbol MSFT --json'],
  options: { symbol: SYMBOL },
  async run(context, values) {
    const symbol = symbolOrFirst(context, values);
    const db = await context.database();
    const champion = await loadChampion(db, symbol);
    if (champion === undefined) {
      throw new ShepherdError(
        'NO_CHAMPION',
        `${symbol} has no champion to compare with; run: shepherd run --symbol ${symbol}`,
      );
    }
    const { kept, series } = await readStoredHistory(db, symbol);
    const { drift: setting } = effectiveSettings(context.config.settings, kept);
    const {
      result,
      write,
      events = [],
    } = await checkChampion(db, {
      runId: null,
      champion,
      series,
      setting,
    });
    await recordTogether({ db, log: context.log }, { symbol, runId: null }, events, write);
    const { data, drift, watch, loss } = result;
    printResult(context, { symbol, day: lastDayOf(series), ...drift, ...data, watch, loss }, [
      ...describeDrift({ ...drift, ...data } as typeof drift),
      ...watchedWords(watch).map((reason) => `detectors       ${reason}`),
      `model           ${loss.reason}`,
    ]);
    return 0;
  },
};
