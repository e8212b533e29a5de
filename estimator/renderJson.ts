/** Entries rendered between two looks at the event loop. */
const CHUNK = 500;

/**
 * JSON text of an answer with a list of predictions that may be long: rendered in pieces, so that a hundred years of days
 * hold nobody else up.
 */
export async function renderInPieces(answer: { readonly predictions: readonly unknown[] }): Promise<string> {
  const { predictions, ...rest } = answer;
  const pieces: string[] = [];
  for (let from = 0; from < predictions.length; from += CHUNK) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    pieces.push(JSON.stringify(predictions.slice(from, from + CHUNK)).slice(1, -1));
  }
  return `{"predictions":[${pieces.join(',')}],${JSON.stringify(rest).slice(1)}`;
}
