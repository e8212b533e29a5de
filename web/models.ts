import { ask, element, make } from './dom.ts';
import { moment } from './figures.ts';

interface History {
  readonly promotions: readonly {
    readonly version: number;
    readonly kind: string;
    readonly reason: string;
    readonly by: string | null;
    readonly at: string;
  }[];
  readonly models: readonly {
    readonly version: number;
    readonly live: boolean;
    readonly arm: string;
    readonly trainedFrom: string;
    readonly trainedTo: string;
    readonly holdout: { readonly mse?: number | null; readonly naiveMse?: number | null };
  }[];
}

/** What was live when and why, and every model beside the others. */
export async function showModels(symbol: string): Promise<void> {
  const { promotions, models } = await ask<History>(`/models/${encodeURIComponent(symbol)}/history`);
  element('tenures').replaceChildren(
    ...promotions.map(({ version, kind, reason, by, at }) =>
      make('tr', [
        make('td', moment(at)),
        make('td', String(version)),
        make('td', `${kind}: ${reason}`),
        make('td', by ?? '–'),
      ]),
    ),
  );
  element('models').replaceChildren(
    ...models.slice(0, 50).map(({ version, live, arm, trainedFrom, trainedTo, holdout }) => {
      const { mse, naiveMse } = holdout;
      const ratio = typeof mse === 'number' && typeof naiveMse === 'number' ? (mse / naiveMse).toFixed(4) : '–';
      return make('tr', [
        make('td', `${version}${live ? ' ●' : ''}`),
        make('td', arm),
        make('td', `${trainedFrom} – ${trainedTo}`),
        make('td', ratio),
      ]);
    }),
  );
}
