import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { silentLog } from '../../lab/silentLog.ts';
import type { DatabaseUrls } from '../../db/server/open.ts';
import { readConfig as readEstimatorConfig } from '../../estimator/config.ts';
import { startEstimator } from '../../estimator/server.ts';
import { readConfig as readMetricsConfig } from '../../metrics/config.ts';
import { startMetrics } from '../../metrics/server.ts';
import { readConfig as readShepherdConfig } from '../../shepherd/config.ts';
import { createLog } from '../../service/log.ts';
import { startShepherd } from '../../shepherd/service.ts';
import { createTestDatabase } from '../../lab/database.ts';
import { skipWithout } from '../helpers/debianTool.ts';
import { SEEDED, answerRequests, decideBudget, recordEvent, seedFlock, seededCsv } from '../metrics/seededFlock.ts';
import { alertRules, recordingRules } from './alertRules.ts';
import { committedDashboards, promTargetsOf } from './committedDashboards.ts';
import { interpolate, withoutFilter } from './promql.ts';
import { startPrometheus } from './runningPrometheus.ts';
import type { RunningPrometheus } from './runningPrometheus.ts';

describe('a real Prometheus that scrapes the services', skipWithout('prometheus'), () => {
  const closing: (() => Promise<void>)[] = [];
  let prometheus: RunningPrometheus;
  let estimator = '';
  let asking: NodeJS.Timeout | undefined;

  before(async () => {
    const database = await createTestDatabase();
    closing.push(() => database.close());
    const version = await seedFlock(database.db);
    await recordEvent(database.db, 'prices:pulled', {});
    await decideBudget(database.db, { spent: 4, allowed: 12 });
    const services = await startServices(database.urls, closing);
    prometheus = await startPrometheus(services);
    closing.push(() => prometheus.close());
    await prometheus.queryUntilFound('up{job="metrics"} == 1');
    await answerRequests(database.db, version, [0.0003]);
    estimator = services['estimator'] ?? '';
    // One that is answered and one that is refused, again and again: rates need something to rise.
    asking = setInterval(() => {
      for (const body of ['{"horizon":1}', '{"horizon":"?"}']) void ask(body).catch(() => undefined);
    }, 200);
  });

  const ask = (body: string): Promise<Response> =>
    fetch(`http://${estimator}/predict`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  after(async () => {
    clearInterval(asking);
    for (const close of closing.reverse()) await close();
  });

  for (const job of ['metrics', 'estimator', 'shepherd']) {
    test(`${job} is up`, async () => {
      assert.equal((await prometheus.queryUntilFound(`up{job="${job}"} == 1`)).length, 1);
    });
  }

  for (const dashboard of committedDashboards()) {
    for (const { refId, expr } of promTargetsOf(dashboard)) {
      test(`dashboard ${dashboard.uid}: ${refId} finds something to draw`, async () => {
        assert.ok((await prometheus.queryUntilFound(interpolate(expr))).length > 0, expr);
      });
    }
  }

  for (const { record, expr } of recordingRules()) {
    test(`${record} is recorded`, async () => {
      assert.ok((await prometheus.queryUntilFound(expr)).length > 0, expr);
    });
  }

  for (const { alert, expr } of alertRules()) {
    test(`alert ${alert} has its data`, async () => {
      assert.ok((await prometheus.queryUntilFound(withoutFilter(expr))).length > 0, expr);
    });
  }
});

/** The three services on ports of their own; gives `host:port` by job. */
async function startServices(urls: DatabaseUrls, closing: (() => Promise<void>)[]): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'prices-'));
  closing.push(() => rm(folder, { recursive: true }));
  writeFileSync(join(folder, `${SEEDED.symbol}.csv`), seededCsv());
  const log = createLog({ format: 'json', write: () => undefined });
  const started = {
    metrics: await startMetrics({ config: readMetricsConfig({ METRICS_PORT: '0' }), databaseUrl: urls.metrics, log }),
    estimator: await startEstimator({
      config: readEstimatorConfig({ ESTIMATOR_PORT: '0' }),
      databaseUrl: urls.estimator,
      log: silentLog,
    }),
    shepherd: await startShepherd({
      config: readShepherdConfig({
        SHEPHERD_PORT: '0',
        SOURCE: 'csv',
        CSV_PATH: folder,
        DATA_DIR: join(folder, 'data'),
        SYMBOLS: SEEDED.symbol,
      }),
      databaseUrl: urls.shepherd,
      log,
      isTerminal: false,
    }),
  };
  for (const service of Object.values(started)) closing.push(() => service.close());
  return Object.fromEntries(Object.entries(started).map(([job, { url }]) => [job, url.replace('http://', '')]));
}
