import { createDatabase } from '../db/client.ts';
import { buildApp } from './app.ts';
import { collectors } from './collectors/index.ts';
import type { MetricsConfig } from './config.ts';
import type { Log } from './log.ts';

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
  const database = createDatabase({
    url: databaseUrl,
    applicationName: 'shepherd metrics',
    onConnectionLost: (error) => {
      log.error('A connection to the database was lost; the next scrape opens another.', error);
    },
  });
  const app = buildApp({ client: database, collectors, log });
  try {
    const url = await app.listen({ host: config.host, port: config.port });
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
