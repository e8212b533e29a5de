import { judgeBars } from '../../core/feed/judgeBars.ts';
import type { NonEmpty } from '../../core/nonEmpty.ts';
import { addDays } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import type { Client } from '../../db/connection/client.ts';
import {
  listEarlierFindings,
  listHeldBarsOf,
  resolveCorrected,
  resolveFinding,
  saveFaults,
  type StoredFault,
} from '../../db/tables/faults.ts';
import { findBarBefore, listBars, listLastCloses, saveBars } from '../../db/tables/prices.ts';
import type { StoredSeries } from '../../db/tables/series.ts';
import { announcePrices } from '../../db/tables/serving.ts';
import { CONTEXT_DAYS } from './pull.ts';

/**
 * Judges the bars of an accepted finding again, with all that is stored and held since, as a pull would that knows the finding for settled;
 * stores those that are sound. What another finding holds stays held, and what the accepted one had hidden is held from now on.
 * Call it under the lock of the series.
 * @param rows the held bars of the finding.
 * @returns how many bars of the finding are sound.
 */
export async function storeAccepted(
  client: Client,
  series: StoredSeries,
  rows: NonEmpty<StoredFault>,
  reason: string,
): Promise<number> {
  const { symbol } = series;
  const { kind, since, day: from } = rows[0];
  const ofUnit = kind === 'unit-changed'; // what is stored is in the old unit, and says nothing of these bars
  const own = new Map(rows.flatMap(({ day, bar }) => (bar === null ? [] : [[day, bar]])));
  const others = ofUnit
    ? []
    : [...(await listBars(client, symbol, from)), ...(await listHeldBarsOf(client, symbol, from))];
  const bars = [...new Map([...others.map((bar): [string, PriceBar] => [bar.day, bar]), ...own]).values()];
  const { settled, rejected } = await listEarlierFindings(client, symbol);
  const { sound, heldBack } = judgeBars({
    transform: series.transform,
    timeZone: series.timeZone,
    known: await listLastCloses(client, symbol, CONTEXT_DAYS, addDays(from, -1)),
    lastBar: await findBarBefore(client, symbol, from),
    bars: bars.sort((a, b) => (a.day < b.day ? -1 : 1)),
    replacesHistory: ofUnit,
    problems: [],
    splits: [],
    held: [],
    settled: [...settled, { kind, day: since }],
    rejected,
  });
  const accepted = sound.filter(({ day }) => own.has(day));
  await resolveFinding(client, symbol, { kind, day: since }, 'accepted', reason);
  await saveBars(client, symbol, accepted);
  await resolveCorrected(
    client,
    symbol,
    accepted.map(({ day }) => day),
  );
  const hidden = heldBack.map(({ fault, bars: doubted }) => ({
    fault,
    bars: doubted.filter(({ day }) => own.has(day)),
  }));
  await saveFaults(
    client,
    symbol,
    hidden.filter((finding) => finding.bars.length > 0),
  );
  await announcePrices(client, symbol);
  return accepted.length;
}
