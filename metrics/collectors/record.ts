import { checkNewestLeaves } from '../../db/tables/views.ts';
import type { Collector } from '../collection.ts';
import { gauge } from '../exposition.ts';

/** Is the record still what was sealed? The newest thousand leaves; `shepherd verify` looks at all. */
export const record: Collector = {
  name: 'record',
  async collect(client) {
    const { checked, broken } = await checkNewestLeaves(client);
    return [
      gauge('shepherd_record_checked_leaves', 'Newest sealed leaves of the record that were looked at.', [
        { labels: {}, value: checked },
      ]),
      gauge('shepherd_record_broken_leaves', 'Of these, leaves whose row is not what was sealed.', [
        { labels: {}, value: broken },
      ]),
    ];
  },
};
