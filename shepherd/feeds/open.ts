import { createRandom } from '../../core/random.ts';
import type { Database } from '../../db/connection/client.ts';
import { findLastDay } from '../../db/tables/prices.ts';
import type { ShepherdConfig } from '../config.ts';
import { createCsvSource } from './csv.ts';
import { createSampleSource, SAMPLE_SYMBOL } from './sample.ts';
import type { PriceSource } from './source.ts';
import { createYahooSource } from './yahoo.ts';

type FeedSettings = Pick<ShepherdConfig, 'source' | 'csvPath' | 'sampleDaySeconds' | 'yahooHost'>;

/**
 * The feed that the settings name; the sample goes on from what is stored.
 * @throws ShepherdError INVALID_CONFIG when the sample is not installed.
 */
export async function openSource(config: FeedSettings, db: Database, now: () => number): Promise<PriceSource> {
  switch (config.source) {
    case 'sample': {
      const lastStoredDay = await findLastDay(db, SAMPLE_SYMBOL);
      return createSampleSource({ now, secondsADay: config.sampleDaySeconds, lastStoredDay });
    }
    case 'csv':
      return createCsvSource({ path: config.csvPath, now });
    case 'yahoo':
      // Shepherds started together must not wait alike, so their process spreads them.
      return createYahooSource({ host: config.yahooHost, random: createRandom(process.pid) });
  }
}
