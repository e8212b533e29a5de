import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { chromium } from 'playwright-core';
import { parseSymbol } from '../../core/series/symbol.ts';
import type { Overview } from '../../estimator/schemas/overview.ts';
import { scoresTo } from '../../lab/scores.ts';
import { createTestApp } from './helpers/testApp.ts';

const BROWSER = '/usr/bin/chromium';

test('what the page shows is the same as what /predict answers', async (t) => {
  const { app, series, store } = await createTestApp(t);
  const overview = (await app.inject('/overview?horizon=3')).json<Overview>();
  assert.equal(overview.close, series.closes.at(-1));
  assert.deepEqual(overview.known, ['CALM', 'OTHER']);
  const next = (await app.inject('/predict?horizon=3')).json<{ forecast: unknown }>();
  assert.deepEqual(overview.forecast, next.forecast);
  store.away = true;
  const away = (await app.inject('/overview?symbol=OTHER')).json<Overview>();
  assert.deepEqual([away.database, away.events, away.model.version], ['down', [], 2]);
  assert.equal((await app.inject('/overview?horizon=0')).statusCode, 400);
});

test('in a browser, light or dark, it draws with nothing from elsewhere and no complaint', async (t) => {
  if (!existsSync(BROWSER)) {
    t.skip(`${BROWSER} is not installed`);
    return;
  }
  const { app, series, store, serving } = await createTestApp(t);
  store.scores.set('CALM', scoresTo(series.days.at(-1)!, 30));
  await serving.refresh(parseSymbol('CALM'));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => browser.close());
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(url);
    await page.getByText('Version 1').waitFor();
    await page.locator('#chart canvas').first().waitFor();
    assert.equal(await page.locator('#days tr').count(), 5);
    await page.getByLabel('Series').selectOption('OTHER');
    await page.getByText('Version 2').waitFor();
    assert.match(page.url(), /\?horizon=5&symbol=OTHER$/);
    await page.reload();
    await page.getByText('Version 2').waitFor();
    await page.locator('#chart canvas').first().waitFor();
    assert.equal(await page.getByLabel('Series').inputValue(), 'OTHER');
    await page.goto(`${url}/docs`);
    await page.getByText('Shepherd estimator').waitFor();
    assert.deepEqual(complaints, []);
    await page.close();
  }
});
