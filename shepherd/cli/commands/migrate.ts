import { waitForDatabase } from '../../../db/connection/waitForDatabase.ts';
import { migrate } from '../../../db/schema/migrate.ts';
import { openDatabase } from '../../../db/server/open.ts';
import { plural } from '../../../core/prose/plural.ts';
import { printResult, type Command } from './command.ts';

export const migrateCommand: Command = {
  name: 'migrate',
  summary: 'bring the tables of the database to this build, with the login of its owner',
  usage: 'shepherd migrate [--json]',
  examples: ['OWNER_DATABASE_URL=postgres://owner:password@host:5432/shepherd shepherd migrate'],
  options: {},
  async run(context) {
    const { databaseUrl, ownerDatabaseUrl, dataDir } = context.config;
    const server = await openDatabase({ url: ownerDatabaseUrl ?? databaseUrl, dataDir });
    try {
      const { owner } = server.urls;
      await waitForDatabase(owner, { note: context.log.note, signal: context.signal });
      const applied = await migrate(owner);
      printResult(context, { applied }, [
        applied.length === 0
          ? 'The tables are as this build needs them.'
          : `Applied ${plural(applied.length, 'migration')}, up to ${applied.at(-1) ?? ''}.`,
      ]);
      return 0;
    } finally {
      await server.stop();
    }
  },
};
