import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

/**
 * Holds the PostgreSQL that test files share (lab/database.ts). Whoever asks first starts it, with the environment it
 * has; were that a test with a mutant, every later test would meet the mutant in it. So it is started here.
 */
export class TestDatabaseServer {
  /** Where a test finds it: to be seen in its temporary folder under the same name. */
  folder;
  #temporary = mkdtempSync(join(tmpdir(), 'shepherd-mutation-server-'));
  #holder;
  #url;

  static async start(root) {
    const server = new TestDatabaseServer();
    await server.#start(root);
    return server;
  }

  async #start(root) {
    const library = pathToFileURL(join(root, 'dist', 'lab', 'database.js')).href;
    const program = `
      const { createTestDatabase } = await import(${JSON.stringify(library)});
      const { urls } = await createTestDatabase();
      console.log(urls.owner);
      process.stdin.on('end', () => process.exit()).resume();`;
    this.#holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...process.env, TMPDIR: this.#temporary },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#url = await new Promise((resolve, reject) => {
      this.#holder.stdout.setEncoding('utf8').once('data', (text) => resolve(text.trim()));
      this.#holder.once('close', () => reject(new Error('the test database server did not start')));
    });
    this.folder = join(this.#temporary, readdirSync(this.#temporary)[0]);
  }

  /** Drops what a test process that was ended has left: process ids come again. */
  async dropDatabasesOf(pid) {
    const client = new pg.Client({ connectionString: this.#url.replace(/\/\w+$/, '/postgres') });
    await client.connect();
    try {
      const { rows } = await client.query('SELECT datname FROM pg_database WHERE datname ~ $1', [
        `^(test|empty)_${pid}_`,
      ]);
      for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
    } finally {
      await client.end();
    }
  }

  async stop() {
    this.#holder.stdin.end();
    await new Promise((resolve) => this.#holder.once('close', resolve));
    // The server itself ends, and removes its folder, soon after its last user.
    for (let tries = 0; tries < 100 && readdirSync(this.#temporary).length > 0; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 100));
    rmSync(this.#temporary, { recursive: true, force: true, maxRetries: 3 });
  }
}
