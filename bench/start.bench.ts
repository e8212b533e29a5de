/* eslint-disable @typescript-eslint/no-non-null-assertion -- a time was measured just before */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { atMost, option, progress, quantile, reportBench } from './report.ts';

/** From a fresh data folder to the first answer of POST /predict, packages already installed. */
const LIMIT_SECONDS = 30;
const POLL_MS = 50;
const repetitions = Number(option('reps') ?? 3);
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a TCP server has a TCP address
  server.close();
  return port;
}

async function secondsToFirstAnswer(): Promise<number> {
  const dataDir = mkdtempSync(join(tmpdir(), 'shepherd-start-'));
  const port = await freePort();
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, 'bin', 'start.mjs')], {
    env: {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      ESTIMATOR_PORT: String(port),
      SHEPHERD_PORT: '0',
      METRICS_PORT: '0',
    },
    stdio: 'ignore',
  });
  try {
    for (;;) {
      const seconds = (performance.now() - began) / 1000;
      if (seconds > 4 * LIMIT_SECONDS || child.exitCode !== null) return Infinity;
      const response = await fetch(`http://127.0.0.1:${port}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }).catch(() => undefined);
      if (response?.status === 200) return (performance.now() - began) / 1000;
      await response?.arrayBuffer();
      await pause(POLL_MS);
    }
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

const seconds: number[] = [];
for (let i = 0; i < repetitions; i += 1) {
  seconds.push(await secondsToFirstAnswer());
  progress(`start ${i + 1} of ${repetitions}: ${seconds.at(-1)!.toFixed(1)} s`);
}
reportBench({
  bench: 'start',
  seed: 0,
  results: { seconds, median: quantile(seconds, 0.5), repetitions },
  bars: [
    atMost('seconds from a fresh data folder to the first answer (median)', quantile(seconds, 0.5), LIMIT_SECONDS),
  ],
});
