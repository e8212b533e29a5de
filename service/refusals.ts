import { Type, type TSchema } from '@sinclair/typebox';
import { ERROR_CODES, type ErrorCode } from '../core/errors.ts';

/** For a document: the refusals of an operation by their status, each code with a sentence as it is answered. */
export function refusals(sentences: Readonly<Partial<Record<ErrorCode, string>>>): Record<number, TSchema> {
  const byStatus = new Map<number, { code: ErrorCode; error: string }[]>();
  for (const [code, error] of Object.entries(sentences) as [ErrorCode, string][]) {
    // keys of a record of codes
    const { status } = ERROR_CODES[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), { code, error }]);
  }
  return Object.fromEntries(
    Array.from(byStatus, ([status, cases]) => [
      status,
      Type.Object(
        {
          error: Type.String({ description: 'One sentence a person can act on.' }),
          code: Type.Union(
            cases.map(({ code }) => Type.Literal(code, { description: ERROR_CODES[code].meaning })),
            { description: 'For programs.' },
          ),
        },
        {
          title: `Error ${status}`,
          description: cases.map(({ code }) => `\`${code}\`: ${ERROR_CODES[code].meaning}.`).join(' '),
          'x-examples': Object.fromEntries(
            cases.map(({ code, error }) => [code, { summary: ERROR_CODES[code].meaning, value: { error, code } }]),
          ),
        },
      ),
    ]),
  );
}

/** What any route of a service may answer whose path or query is read. */
export const UNREADABLE = {
  INVALID_INPUT: 'The request could not be read; send it as the document at /docs shows.',
} as const;

/** What any route of a service may answer. */
export const TURNED_AWAY = {
  TOO_MANY_REQUESTS: 'Too many requests from this address; go on after Retry-After seconds.',
} as const;
