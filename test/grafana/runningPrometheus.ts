import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { projectRoot } from '../helpers/projectRoot.ts';
import { rulesFile } from './alertRules.ts';

export interface RunningPrometheus {
  /** The samples of an instant query; an error of the query throws in Prometheus' own words. */
  query(expression: string): Promise<readonly unknown[]>;
  /** Asks until there is a sample, at most until the deadline of the whole server; then what there is. */
  queryUntilFound(expression: string): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

const DEADLINE_MS = 60_000;

/** Starts a real Prometheus with the committed configuration, of which only addresses and intervals are changed. */
export async function startPrometheus(targets: Readonly<Record<string, string>>): Promise<RunningPrometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const configFile = join(folder, 'prometheus.yml');
  writeFileSync(configFile, testConfig(targets));
  const child = spawn(
    'prometheus',
    [`--config.file=${configFile}`, `--storage.tsdb.path=${join(folder, 'data')}`, '--web.listen-address=127.0.0.1:0'],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true });
  };
  const deadline = Date.now() + DEADLINE_MS;
  const impatience = setTimeout(() => child.kill('SIGKILL'), DEADLINE_MS);
  const address = await listeningAddress(child.stderr);
  clearTimeout(impatience);
  if (address === undefined) {
    await close();
    throw new Error('Prometheus ended, or did not listen in time');
  }
  // It listens before it has read its store, and answers 503 until then.
  while ((await fetch(`http://${address}/-/ready`)).status !== 200 && Date.now() < deadline) await pause(50);
  const query = (expression: string) => ask(`http://${address}`, expression);
  return {
    query,
    async queryUntilFound(expression) {
      for (;;) {
        const found = await query(expression);
        if (found.length > 0 || Date.now() > deadline) return found;
        await pause(200);
      }
    },
    close,
  };
}

function testConfig(targets: Readonly<Record<string, string>>): string {
  const committed = readFileSync(join(projectRoot, 'metrics', 'prometheus', 'prometheus.yml'), 'utf8');
  // Prometheus itself holds the file to its format when it starts.
  const config = parse(committed) as { global: object; rule_files: string[]; scrape_configs: { job_name: string }[] };
  return stringify({
    global: { ...config.global, scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    rule_files: config.rule_files.map((pattern) => pattern.replace(/^rules/, dirname(rulesFile))),
    scrape_configs: config.scrape_configs.map(({ job_name }) => {
      const target = targets[job_name];
      if (target === undefined) throw new Error(`no service for the job ${job_name}`);
      return { job_name, static_configs: [{ targets: [target] }] };
    }),
  });
}

/** The address in Prometheus' own log, for it chose the port. */
async function listeningAddress(log: NodeJS.ReadableStream): Promise<string | undefined> {
  for await (const line of createInterface(log)) {
    const address = /msg="Listening on".* address=(\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      log.resume(); // the rest is read and dropped, so that the pipe never fills
      return address;
    }
  }
  return undefined;
}

async function ask(url: string, expression: string): Promise<readonly unknown[]> {
  const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`);
  const answer = (await response.json()) as { error?: string; data?: { result: unknown[] } }; // Prometheus' HTTP API, version 1
  if (answer.data === undefined) throw new Error(`${expression}: ${answer.error ?? response.statusText}`);
  return answer.data.result;
}
