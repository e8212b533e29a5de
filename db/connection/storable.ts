/** Neither text nor jsonb of PostgreSQL holds a NUL or half of a surrogate pair; with `u`, surrogates match only where they stand alone. */
const UNSTORABLE = /[\0\uD800-\uDFFF]/gu;

/** Foreign text as a column can hold it: what no column can hold is shown as U+FFFD. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}

/** A value as JSON that a jsonb column can hold. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'string' ? storableText(each) : each));
}
