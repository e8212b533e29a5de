import { Type } from '@sinclair/typebox';
import { refusals, TURNED_AWAY } from '../../service/refusals.ts';

/** What an operation of the document says beside its schemas. */
export interface Said {
  readonly summary: string;
  readonly description: string;
  readonly example: object;
  /** Refusals beyond those of every operation, by code, with a sentence as it is answered. */
  readonly refused?: Parameters<typeof refusals>[0];
}

/** What an Idempotency-Key looks like. */
export const KEY_PATTERN = '^[\\x21-\\x7e]{1,200}$';

/** What any act may be sent with, so that it can be asked again without being done again. */
export const ActHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: KEY_PATTERN,
      description: 'Asked again under the same key, an act is answered as it was the first time and not done again.',
      'x-expected': '1 to 200 visible ASCII characters, such as a UUID',
    }),
  ),
});

/** The schema of a control route: the bearer token, the examples, and each refusal with its sentence. */
export function describeControl(status: number, { summary, description, example, refused = {} }: Said) {
  return {
    tags: ['control'],
    summary,
    description,
    security: [{ bearer: [] }],
    response: {
      [status]: Type.Object({}, { additionalProperties: true, description: summary, examples: [example] }),
      ...refusals({
        INVALID_INPUT: '"reason" is missing; expected a reason of 3 to 500 characters.',
        UNAUTHORIZED: 'This needs the header "Authorization: Bearer <SHEPHERD_TOKEN>".',
        CONTROL_OFF: 'Control is off: set SHEPHERD_TOKEN to turn it on.',
        CONFLICT: 'This Idempotency-Key stands for another request; take a new key.',
        ...refused,
        ...TURNED_AWAY,
        DATABASE_UNAVAILABLE: 'The database is away just now; what is in memory is still answered.',
      }),
    },
  };
}
