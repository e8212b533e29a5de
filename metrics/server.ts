import { createDatabase } from '../db/connection/client.ts';
import { listen } from '../service/listen.ts';
import type { Log } from '../service/log.ts';
import { buildApp } from './app.ts';
import { collectors } from './collectors/index.ts';
import type { MetricsConfig } from './config.ts';

export interface MetricsOptions {
  readonly config: Pick<MetricsConfig, 'host' | 'port'>;
  /** A login that may read the views. */
  readonly databaseUrl: string;
  readonly log: Log;
}

export interface MetricsServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends open answers and the database pool. */
  close(): Promise<void>;
}

/** Starts the exporter. It does not wait for the database: without one it answers for its own process and says what failed. */
export async function startMetrics({ config, databaseUrl, log }: MetricsOptions): Promise<MetricsServer> {
  // A connection lost while idle is replaced by the pool; a scrape that finds no database says so.
  const database = createDatabase({ url: databaseUrl, applicationName: 'shepherd metrics' });
  const app = await buildApp({ client: database, collectors, log });
  try {
    const url = await listen(app, config, 'METRICS_PORT');
    return {
      url,
      async close() {
        await app.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
