import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { parse, stringify } from 'yaml';
import { skipWithout } from '../helpers/debianTool.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { rulesFile } from './alertRules.ts';

type Context = { after(work: () => unknown): void };

/** What an Alertmanager posts to a webhook, version 4; the parts looked at. */
interface Notification {
  readonly receiver: string;
  readonly alerts: readonly {
    readonly status: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

const skip = [skipWithout('prometheus'), skipWithout('prometheus-alertmanager')].find((one) => one.skip !== false);

test('an alert that fires reaches a webhook, with what happened and what to do', skip ?? {}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  let arrive: (notification: Notification) => void = () => undefined;
  const arrived = new Promise<Notification>((resolve) => (arrive = resolve));
  const receiver = await serve(t, (body) => {
    arrive(JSON.parse(body) as Notification); // of the Alertmanager's own making
    return '';
  });
  const exporter = await serve(
    t,
    () => '# TYPE shepherd_record_broken_leaves gauge\nshepherd_record_broken_leaves 2\n',
  );
  const alertmanager = await start(t, 'prometheus-alertmanager', [
    `--config.file=${write(folder, 'alertmanager.yml', alertmanagerConfig(receiver))}`,
    `--storage.path=${join(folder, 'am')}`,
    '--web.listen-address=127.0.0.1:0',
    '--cluster.listen-address=',
  ]);
  await start(t, 'prometheus', [
    `--config.file=${write(folder, 'prometheus.yml', prometheusConfig(exporter, alertmanager))}`,
    `--storage.tsdb.path=${join(folder, 'tsdb')}`,
    '--web.listen-address=127.0.0.1:0',
  ]);
  const { receiver: name, alerts } = await arrived;
  assert.equal(name, 'webhook');
  assert.deepEqual(
    alerts.map(({ status, labels, annotations }) => [status, labels['alertname'], labels['severity'], annotations]),
    [
      [
        'firing',
        'RecordBroken',
        'critical',
        {
          summary: '2 of the newest rows of the record are not what was sealed.',
          runbook_url: 'http://localhost:5000/runbook#recordbroken',
        },
      ],
    ],
  );
});

/** The committed configuration, of which only who is told and how long is waited are changed. */
function alertmanagerConfig(receiver: string): object {
  const file = join(projectRoot, 'grafana', 'alertmanager', 'alertmanager.yml');
  // amtool holds the file to this shape
  const config = parse(readFileSync(file, 'utf8')) as {
    route: object;
    receivers: { name: string; webhook_configs?: object[] }[];
  };
  return {
    ...config,
    route: { ...config.route, receiver: 'webhook', group_wait: '1s' },
    receivers: config.receivers.map((each) =>
      each.webhook_configs === undefined
        ? { name: each.name }
        : { ...each, webhook_configs: [{ url: `http://${receiver}/` }] },
    ),
  };
}

const prometheusConfig = (exporter: string, alertmanager: string): object => ({
  global: { scrape_interval: '1s', evaluation_interval: '1s' },
  rule_files: [join(dirname(rulesFile), '*.rules.yml')],
  alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
  scrape_configs: [{ job_name: 'metrics', static_configs: [{ targets: [exporter] }] }],
});

function write(folder: string, name: string, content: object): string {
  const path = join(folder, name);
  writeFileSync(path, stringify(content));
  return path;
}

/** `host:port` of a server on loopback that answers every request with a text. */
async function serve(t: Context, answer: (body: string) => string): Promise<string> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => response.end(answer(body)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts a program that tells in its log where it listens, for it chose the port. */
async function start(t: Context, program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  for await (const line of createInterface(child.stderr)) {
    const address = /msg="Listening on".* address=(\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      child.stderr.resume(); // the rest is read and dropped, so that the pipe never fills
      return address;
    }
  }
  throw new Error(`${program} ended without listening`);
}
