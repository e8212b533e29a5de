import { readdirSync, readFileSync } from 'node:fs';

const folder = new URL('./migrations/', import.meta.url);

/** One step of the schema, as this build carries it. */
export interface Migration {
  readonly number: number;
  readonly statements: string;
  /**
   * The number that a build must know to go on once this is applied; 0 where every build can. A migration that takes something away
   * says so in its first line, `-- ends builds before 000013`: until then the migrator may run ahead of the programs.
   */
  readonly oldestBuild: number;
}

/** All migrations of this build, in their order. */
export function listMigrations(): Migration[] {
  return readdirSync(folder)
    .filter((name) => /^\d{6}\.sql$/.test(name))
    .sort()
    .map((name) => {
      const statements = readFileSync(new URL(name, folder), 'utf8');
      const ends = /^-- ends builds before (\d{6})\n/.exec(statements)?.[1];
      return { number: Number(name.slice(0, 6)), statements, oldestBuild: Number(ends ?? 0) };
    });
}
