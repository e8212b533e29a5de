import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '../../../db/connection/client.ts';
import { startServer, type Server } from '../../../db/server/server.ts';
import { migrate } from '../../../db/schema/migrate.ts';

const SCRIPT = fileURLToPath(new URL('../../../../db/schema/init/logins.sh', import.meta.url));
const skip = spawnSync('psql', ['--version']).status !== 0 && 'psql is not installed; the postgres image has it';

// A server without our logins, as the postgres image makes it.
const folder = mkdtempSync(join(tmpdir(), 'shepherd-init-'));
let server: Server;
before(async () => {
  server = await startServer({ folder: join(folder, 'postgres'), log: () => undefined, settings: ['fsync=off'] });
});
after(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const runScript = (environment: Record<string, string>): { status: number | null; stderr: string } =>
  // Sourced by a shell that stops at the first error, as the image's entrypoint does.
  spawnSync('bash', ['-euo', 'pipefail', '-c', '. "$0"; echo sourced', SCRIPT], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'], // bash takes a piped input for a remote login and reads its settings
    env: {
      PATH: process.env['PATH'] ?? '',
      PGHOST: '127.0.0.1',
      PGPORT: String(server.port),
      PGPASSWORD: server.passwords.postgres,
      POSTGRES_USER: 'postgres',
      ...environment,
    },
  });

test('without a password for every role nothing starts, and the sentence names the setting', { skip }, () => {
  const { status, stderr } = runScript({ SHEPHERD_WRITER_PASSWORD: 'w' });
  assert.equal(status, 1);
  assert.match(stderr, /needs a password for the role shepherd_estimator: set SHEPHERD_ESTIMATOR_PASSWORD, or /);
});

test(
  'the logins work with their passwords, from the environment and from a file, once migrated',
  { skip },
  async () => {
    const file = join(folder, 'secret');
    writeFileSync(file, "it's a 'secret'; --\n");
    const environment = {
      SHEPHERD_WRITER_PASSWORD: 'w"$x',
      SHEPHERD_ESTIMATOR_PASSWORD_FILE: file,
      SHEPHERD_METRICS_PASSWORD: 'm',
    };
    assert.deepEqual([runScript(environment).status, runScript(environment).stderr], [0, '']); // again changes nothing
    const at = (user: string, password: string): string =>
      `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/postgres`;
    await migrate(at('postgres', server.passwords.postgres));
    for (const [role, password] of [
      ['writer', 'w"$x'],
      ['estimator', "it's a 'secret'; --"],
      ['metrics', 'm'],
    ] as const) {
      const db = createDatabase({ url: at(`shepherd_${role}`, password), applicationName: 'test' });
      assert.deepEqual(
        await db.query('SELECT current_user AS role FROM data_freshness RIGHT JOIN (SELECT) AS one ON true'),
        [{ role: `shepherd_${role}` }],
      );
      await db.close();
    }
  },
);
