import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { EventKind } from '../../core/events.ts';
import { parseRunId } from '../../core/runId.ts';
import { parseVersion } from '../../core/model/version.ts';
import { sliceSeries } from '../../core/series/price.ts';
import { parseSymbol } from '../../core/series/symbol.ts';
import type { Overview } from '../../estimator/schemas/overview.ts';
import type { EventListing, FlockListing } from '../../estimator/serving/records.ts';
import { scoresTo } from '../../lab/scores.ts';
import { storedModel } from '../../lab/servedModel.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { createTestApp, TEST_SERIES, type TestApp } from './helpers/testApp.ts';

const BROWSER = '/usr/bin/chromium';
const CALM = parseSymbol('CALM');

test('what the page shows is the same as what /predict answers', async (t) => {
  const { app, series, store } = await createTestApp(t);
  const overview = (await app.inject('/overview?horizon=3')).json<Overview>();
  assert.equal(overview.close, series.closes.at(-1));
  assert.deepEqual(overview.known, ['CALM', 'OTHER']);
  const next = (await app.inject('/predict?horizon=3')).json<{ forecast: unknown }>();
  assert.deepEqual(overview.forecast, next.forecast);
  store.away = true;
  const away = (await app.inject('/overview?symbol=OTHER')).json<Overview>();
  assert.deepEqual([away.database, away.story, away.model.version], ['down', [], 2]);
  assert.equal((await app.inject('/overview?horizon=0')).statusCode, 400);
  assert.equal((await app.inject('/flock')).statusCode, 503);
});

test('the runbook is served, with the heading that each alert links to', async (t) => {
  const { app } = await createTestApp(t);
  const { body, headers } = await app.inject('/runbook');
  assert.match(String(headers['content-type']), /text\/html/);
  const rules = readFileSync(join(projectRoot, 'grafana/alerts/shepherd.rules.yml'), 'utf8');
  const anchors = [...rules.matchAll(/\/runbook#(\w+)/g)].map(([, anchor]) => anchor);
  assert.ok(anchors.length > 10);
  for (const anchor of anchors) assert.ok(body.includes(`id="${anchor}"`), anchor);
});

/** A control service that does as it is told and remembers it. */
async function standInControl(t: { after(work: () => Promise<unknown>): void }) {
  const asked: { path: string; authorization: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
      const known = request.headers.authorization === 'Bearer right';
      response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(
          known ? { symbol: 'CALM', from: 3, to: 1 } : { error: 'The token is wrong.', code: 'UNAUTHORIZED' },
        ),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('an act of the page reaches the control service with its token and body, and no other path does', async (t) => {
  const { url, asked } = await standInControl(t);
  const { app } = await createTestApp(t, { environment: { CONTROL_URL: url } });
  const headers = { authorization: 'Bearer right', 'content-type': 'application/json' };
  const payload = JSON.stringify({ symbol: 'CALM', reason: 'answers fail' });
  const answer = await app.inject({ method: 'POST', url: '/control/rollback', headers, payload });
  assert.deepEqual([answer.statusCode, answer.json()], [200, { symbol: 'CALM', from: 3, to: 1 }]);
  assert.deepEqual(asked, [{ path: '/rollback', authorization: 'Bearer right', body: payload }]);
  const refused = await app.inject({
    method: 'POST',
    url: '/control/pin',
    headers: { 'content-type': 'application/json' },
    payload,
  });
  assert.deepEqual([refused.statusCode, refused.json<{ code: string }>().code], [401, 'UNAUTHORIZED']);
  for (const path of ['/control/promote', '/control/runs', '/control/../train'])
    assert.equal((await app.inject({ method: 'POST', url: path, headers, payload })).statusCode, 404, path);
});

test('where the control service is away, an act is told so', async (t) => {
  const { app } = await createTestApp(t, { environment: { CONTROL_URL: 'http://127.0.0.1:1' } });
  const headers = { 'content-type': 'application/json' };
  const answer = await app.inject({ method: 'POST', url: '/control/pin', headers, payload: '{}' });
  assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [503, 'OVERLOADED']);
});

const lastDay = TEST_SERIES.days.at(-1)!;

let numbered = 0;
function event(run: number | null, kind: EventKind, payload: object, sentence: string): EventListing {
  numbered += 1;
  return {
    id: String(numbered),
    at: new Date(Date.UTC(2001, 1, 1) + 60_000 * numbered).toISOString(),
    runId: run === null ? null : parseRunId(String(run)),
    kind,
    payload: { day: lastDay, ...payload },
    sentence,
  };
}

const quietRun = (run: number): EventListing[] => [
  event(run, 'prices:pulled', {}, '1 new day.'),
  event(run, 'drift:checked', { drift: { verdict: 'stable' } }, 'No drift.'),
  event(run, 'run:finished', { outcome: 'kept', reason: 'fresh' }, 'Ended: kept (fresh).'),
];

/** Thirty quiet runs, one that alarmed and was answered with a refusal, and five quiet ones more: the newest first, as they are read. */
const STORY: readonly EventListing[] = [
  ...Array.from({ length: 30 }, (_, i) => quietRun(i + 1)).flat(),
  event(31, 'drift:checked', { drift: { verdict: 'drifted' } }, 'Drift: volatility is 4 times the usual.'),
  event(31, 'gate:judged', { verdict: 'keep' }, 'Keeping the champion: no challenger is proven better.'),
  event(31, 'run:finished', { outcome: 'revalidated', reason: 'drifted' }, 'Ended: revalidated (drifted).'),
  ...Array.from({ length: 5 }, (_, i) => quietRun(i + 32)).flat(),
].reverse();

const flockOf = (count: number): FlockListing[] =>
  Array.from({ length: count }, (_, i) => ({
    symbol: parseSymbol(i === 0 ? 'CALM' : i === 1 ? 'OTHER' : `S${String(i).padStart(4, '0')}`),
    source: 'yahoo',
    lastDay,
    version: 1 + (i % 7),
    pinned: false,
    verdict: i === 4321 ? 'drifted' : 'stable',
    cause: i === 4321 ? 'volatility' : null,
    heldBars: i === 77 ? 2 : 0,
    missedDays: i === 3000 ? 1 : 0,
    scored: 60,
    skill: (i % 100) / 1_000,
    coverage: 0.9,
    spent: 1,
    allowed: 12,
    outcome: 'kept',
    sentence: 'Ended: kept (fresh).',
    endedAt: null,
  }));

const missing = !existsSync(BROWSER) && `${BROWSER} is not installed`;

describe('in a real browser', { skip: missing }, () => {
  const closing: (() => Promise<unknown>)[] = [];
  const t = { after: (work: () => Promise<unknown>) => void closing.push(work) };
  let browser: Browser;
  let served: TestApp;
  let url: string;
  let asked: Awaited<ReturnType<typeof standInControl>>['asked'];
  const complaints: string[] = [];

  before(async () => {
    const control = await standInControl(t);
    asked = control.asked;
    served = await createTestApp(t, { environment: { CONTROL_URL: control.url } });
    const { store, serving, app } = served;
    store.scores.set('CALM', scoresTo(lastDay, 60));
    store.events.push(...STORY);
    store.detectors.push(
      ...TEST_SERIES.days.slice(-40).flatMap((day, i) => [
        { day, detector: 'ks', statistic: 0.1 + i / 400, limit: 0.25 },
        { day, detector: 'volatility', statistic: i / 10, limit: 3.5 },
      ]),
    );
    store.flock.push(...flockOf(5_000));
    await serving.refresh(CALM);
    url = await app.listen({ host: '127.0.0.1', port: 0 });
    browser = await chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox', '--disable-gpu'] });
    closing.push(() => browser.close());
  });

  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}, path = '/'): Promise<Page> {
    const page = await browser.newPage({ locale: 'en-GB', ...options });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(url + path);
    await page.getByText(/answers, trained|Responde o modelo/).waitFor();
    return page;
  }

  /** Kept when SCREENSHOTS names a folder. */
  async function keep(page: Page, name: string): Promise<void> {
    const folder = process.env['SCREENSHOTS'];
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1280]) {
      test(`${colorScheme}, ${width} wide: all is drawn, nothing runs over the edge, and axe finds nothing`, async () => {
        const page = await open({ colorScheme, viewport: { width, height: 900 } });
        await page.locator('#chart canvas').first().waitFor();
        for (const part of await page.locator('details.part > summary, details.marks > summary').all())
          await part.click();
        await page.locator('#flock-rows tr').first().waitFor();
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(overflow, 0);
        await page.addScriptTag({ path: join(projectRoot, 'node_modules/axe-core/axe.min.js') }).catch(async () => {
          // The page's own policy lets no script in; axe comes by the browser's debugger instead.
          await page.evaluate(readFileSync(join(projectRoot, 'node_modules/axe-core/axe.min.js'), 'utf8'));
        });
        const { violations } = await page.evaluate<{
          violations: { id: string; nodes: { html: string; failureSummary: string }[] }[];
        }>('axe.run()');
        assert.deepEqual(
          violations.map(({ id, nodes }) => [id, nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`)]),
          [],
        );
        await keep(page, `page-${colorScheme}-${width}`);
        await page.close();
        assert.deepEqual(
          complaints.splice(0).filter((text) => !/Content.Security.Policy/i.test(text)),
          [],
        );
      });
    }
  }

  test('a person opens the page, reads what the next day brings, asks by date and by numbers of their own, and is answered', async () => {
    const page = await open();
    const { forecast } = (await served.app.inject('/overview')).json<Overview>();
    assert.match(await page.locator('#around').innerText(), new RegExp(forecast[0]!.day));
    assert.match(await page.locator('#held').innerText(), /last 60 days/);
    await page.getByLabel('A date').check();
    await page.getByLabel('Date', { exact: true }).fill(lastDay);
    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await page.locator('#answer-days tr').first().waitFor();
    await page.locator('#answer-chart canvas').first().waitFor();
    await page.getByLabel('My numbers').check();
    await page.getByLabel(/Values, the oldest first/).fill('1; 2 three');
    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: /three/ }).waitFor();
    await page.getByLabel(/Values, the oldest first/).fill(Array.from(TEST_SERIES.closes.slice(-80)).join('\n'));
    await page.locator('#ask input[name=horizon]').fill('3');
    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await page.locator('#answer-days tr').nth(2).waitFor();
    await page.getByLabel('A CSV file').check();
    const rows = TEST_SERIES.days.slice(-80).map((day, i) => `${day},${TEST_SERIES.closes.at(i - 80)!}`);
    await page.locator('#ask input[type=file]').setInputFiles({
      name: 'mine.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`date,close\n${rows.join('\n')}\n`),
    });
    await page.getByRole('button', { name: 'Forecast', exact: true }).click();
    await page.locator('#answer').waitFor();
    assert.equal(await page.locator('#refusal').innerText(), '');
    await page.close();
    // A refusal is an answer that the browser itself notes.
    assert.deepEqual(
      complaints.splice(0).filter((text) => !text.includes('400')),
      [],
    );
  });

  test('quiet days are one line, and what decided something stands open with its marks', async () => {
    const page = await open();
    assert.equal(await page.locator('#story > li').count(), 3);
    await page.getByText('30 quiet days').waitFor();
    await page.locator('#story').getByText('Keeping the champion: no challenger is proven better.').waitFor();
    await page.getByText('Marks, with their evidence').click();
    assert.deepEqual(await page.locator('#marks summary').allInnerTexts(), [`${lastDay} refused`, `${lastDay} alarm`]);
    await page.close();
    assert.deepEqual(complaints.splice(0), []);
  });

  test('a promotion appears by itself', async () => {
    const page = await open();
    await page.getByText('Model 1 answers').waitFor();
    const version = parseVersion(9);
    served.store.models.set(version, storedModel(CALM, version, sliceSeries(TEST_SERIES, 0, 300)));
    served.store.champions.set('CALM', version);
    await served.serving.refresh(CALM);
    await page.getByText('Model 9 answers').waitFor();
    await page.close();
    assert.deepEqual(complaints.splice(0), []);
  });

  test('a rollback asks for its reason, and is done with the token', async () => {
    const page = await open();
    await page.getByText('Act (with the token)').click();
    await page.getByLabel('Token').fill('right');
    asked.length = 0;
    await page.getByRole('button', { name: 'Roll back' }).click();
    assert.equal(await page.evaluate("document.getElementById('reason').validity.valueMissing"), true);
    assert.deepEqual(asked, []);
    await page.getByLabel('Reason').fill('answers fail since the promotion');
    await page.getByRole('button', { name: 'Roll back' }).click();
    await page.getByText(/^Done: /).waitFor();
    assert.deepEqual(asked, [
      {
        path: '/rollback',
        authorization: 'Bearer right',
        body: JSON.stringify({ symbol: 'CALM', reason: 'answers fail since the promotion' }),
      },
    ]);
    await page.close();
    assert.deepEqual(complaints.splice(0), []);
  });

  test('the flock of 5,000 is searched, sorted and walked through by keys', async () => {
    const page = await open();
    await page.getByText('The flock').click();
    await page.getByText('100 of 5000 series').waitFor();
    const first = () => page.locator('#flock-rows tr').first().innerText();
    assert.match(await first(), /S3000/, 'the worst first: a feed that is silent');
    await page.locator('#flock th button', { hasText: 'Series' }).click();
    assert.match(await first(), /CALM/);
    assert.equal(await page.locator('#flock th[aria-sort=ascending]').innerText(), 'Series');
    await page.getByLabel('Search').fill('drifted');
    await page.getByText('1 of 5000 series').waitFor();
    assert.match(await first(), /S4321/);
    await page.getByLabel('Search').fill('');
    await page.locator('#flock-rows button').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByText('Model 2 answers').waitFor();
    assert.match(page.url(), /symbol=OTHER/);
    await page.reload();
    await page.getByText('Model 2 answers').waitFor();
    await page.close();
    assert.deepEqual(complaints.splice(0), []);
  });

  test('it speaks Portuguese, by the browser or by choice, and English to all others', async () => {
    const page = await open({ locale: 'pt-BR' });
    await page.getByRole('heading', { name: 'Posso confiar?' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'pt-BR');
    await page.getByLabel('Idioma').selectOption('en');
    await page.getByRole('heading', { name: 'Can I trust it?' }).waitFor();
    await page.close();
    assert.deepEqual(complaints.splice(0), []);
  });

  test('it stays within its budget: at most 260 kB in eight requests', async () => {
    const page = await browser.newPage();
    let bytes = 0;
    let requests = 0;
    page.on('response', (response) => {
      requests += 1;
      void response.body().then(
        (body) => (bytes += body.length),
        () => undefined,
      );
    });
    await page.goto(url, { waitUntil: 'networkidle' });
    assert.ok(requests <= 8, `${requests} requests`);
    assert.ok(bytes <= 260_000, `${bytes} bytes`);
    await page.close();
  });
});
