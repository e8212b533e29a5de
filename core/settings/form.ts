/** How a setting is written: what is expected, for a sentence to a person, and the reading of it. */
export interface SettingForm<T> {
  /** Ends the sentence "expected …"; also the range in the table of settings. */
  readonly expected: string;
  /** The value that a trimmed text of at least one character means; undefined where it means none. */
  readonly parse: (text: string) => T | undefined;
}

export function wholeNumber(least: number, most: number): SettingForm<number> {
  return {
    expected: `a whole number from ${least} to ${most}`,
    parse: (text) => within(/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN, least, most),
  };
}

/** Written with digits and at most one point. */
export function decimalNumber(least: number, most: number): SettingForm<number> {
  return {
    expected: `a number from ${least} to ${most}`,
    parse: (text) => within(/^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN, least, most),
  };
}

export function oneOf<const T extends string>(choices: readonly T[]): SettingForm<T> {
  return {
    expected: `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((choice) => choice === text),
  };
}

/** Any text that `accepts` does. */
export function text(expected: string, accepts: (text: string) => boolean = () => true): SettingForm<string> {
  return { expected, parse: (given) => (accepts(given) ? given : undefined) };
}

function within(value: number, least: number, most: number): number | undefined {
  return value >= least && value <= most ? value : undefined;
}
