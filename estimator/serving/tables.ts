import { ShepherdError } from '../../core/errors.ts';
import { listed } from '../../core/tables/column.ts';
import { unpackModel, type TableModel } from '../../core/tables/model.ts';
import type { Client } from '../../db/connection/client.ts';
import { findTableModel, listTableChampions } from '../../db/tables/tables.ts';

/** The model of a table that answers. */
export interface ServedTable {
  readonly name: string;
  readonly version: number;
  readonly model: TableModel;
}

export interface Tables {
  /** @param name the table's; the one trained first when left out. @throws ShepherdError UNKNOWN_TABLE, DATABASE_UNAVAILABLE. */
  find(name: string | undefined): Promise<ServedTable>;
}

/** Asks the database which version is in service, and keeps the model of each table until another is. */
export function createTables(client: Client): Tables {
  const loaded = new Map<string, ServedTable>();
  return {
    async find(wanted) {
      const champions = await listTableChampions(client);
      const champion = champions.find(({ name }) => wanted === undefined || name === wanted);
      if (champion === undefined) throw unknown(wanted, champions);
      const { name, version } = champion;
      const known = loaded.get(name);
      if (known?.version === version) return known;
      const stored = await findTableModel(client, version);
      if (stored === undefined) throw new ShepherdError('UNKNOWN_TABLE', `Model ${version} of ${name} is not stored.`);
      const served = { name, version, model: unpackModel(stored.artifact, stored.sha256) };
      loaded.set(name, served);
      return served;
    },
  };
}

function unknown(wanted: string | undefined, known: readonly { readonly name: string }[]): ShepherdError {
  const names = known.length === 0 ? 'none has been trained yet' : `there are ${listed(known.map(({ name }) => name))}`;
  const which = wanted === undefined ? 'There is no table' : `There is no table ${JSON.stringify(wanted.slice(0, 40))}`;
  return new ShepherdError('UNKNOWN_TABLE', `${which}; ${names}.`);
}
