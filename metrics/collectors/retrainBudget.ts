import { listRetrainBudgets } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gaugeBySymbol } from '../exposition.ts';

/** How much of what retrains may cost is spent? */
export const retrainBudget: Collector = {
  name: 'retrain_budget',
  async collect(client) {
    const rows = await listRetrainBudgets(client);
    return [
      gaugeBySymbol(
        'shepherd_retrain_budget_spent',
        'Retrains within the days of the budget, at the last decision.',
        rows,
        (row) => row.spent,
      ),
      gaugeBySymbol(
        'shepherd_retrain_budget_allowed',
        'Retrains that may be spent within the days of the budget.',
        rows,
        (row) => row.allowed,
      ),
    ];
  },
};
