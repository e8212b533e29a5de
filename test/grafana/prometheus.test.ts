import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pino from 'pino';
import { readConfig as readEstimatorConfig } from '../../estimator/config.ts';
import { startEstimator } from '../../estimator/server.ts';
import { startMetrics } from '../../metrics/server.ts';
import { createTestDatabase } from '../helpers/database.ts';
import { skipWithout } from '../helpers/debianTool.ts';
import { answerRequests, seedFlock } from '../metrics/seededFlock.ts';
import { alertRules } from './alertRules.ts';
import { committedDashboards, targetsOf } from './committedDashboards.ts';
import { interpolate, withoutFilter } from './promql.ts';
import { startPrometheus } from './runningPrometheus.ts';
import type { RunningPrometheus } from './runningPrometheus.ts';

const quiet = { note: () => undefined, error: () => undefined };

describe('a real Prometheus that scrapes the services', skipWithout('prometheus'), () => {
  const closing: (() => Promise<void>)[] = [];
  let prometheus: RunningPrometheus;

  before(async () => {
    const database = await createTestDatabase();
    closing.push(() => database.close());
    const version = await seedFlock(database.db);
    const metrics = await startMetrics({
      config: { host: '127.0.0.1', port: 0 },
      databaseUrl: database.urls.metrics,
      log: quiet,
    });
    closing.push(() => metrics.close());
    const estimator = await startEstimator({
      config: readEstimatorConfig({ ESTIMATOR_PORT: '0' }),
      databaseUrl: database.urls.estimator,
      log: pino({ level: 'silent' }),
    });
    closing.push(() => estimator.close());
    const host = ({ url }: { url: string }): string => url.replace('http://', '');
    prometheus = await startPrometheus({ metrics: host(metrics), estimator: host(estimator), shepherd: host(metrics) });
    closing.push(() => prometheus.close());
    await prometheus.queryUntilFound('up{job="metrics"} == 1');
    await answerRequests(database.db, version, [0.0003]);
  });

  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  for (const job of ['metrics', 'estimator', 'shepherd']) {
    test(`${job} is up`, async () => {
      assert.equal((await prometheus.queryUntilFound(`up{job="${job}"} == 1`)).length, 1);
    });
  }

  for (const dashboard of committedDashboards()) {
    for (const { refId, expr } of targetsOf(dashboard)) {
      test(`dashboard ${dashboard.uid}: ${refId} finds something to draw`, async () => {
        assert.ok((await prometheus.queryUntilFound(interpolate(expr))).length > 0, expr);
      });
    }
  }

  for (const { alert, expr } of alertRules()) {
    test(`alert ${alert} has its data`, async () => {
      assert.ok((await prometheus.queryUntilFound(withoutFilter(expr))).length > 0, expr);
    });
  }
});
