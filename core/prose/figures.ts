/** How figures stand in sentences and tables: no exponents, thousands apart, and digits enough to see what is said of them. */

const PRICE_DIGITS = 7;
/** Digits beyond which two figures count as equal: a double holds no more that means anything here. */
const MOST_DIGITS = 12;
/** A p-value below this says no more than that it is below this. */
const LEAST_P = 0.0001;

/** 4968 → `4,968`. */
export function wholeNumber(value: number): string {
  return format(value, { maximumFractionDigits: 0 });
}

/** A measured figure to `digits` significant digits: 10447.2 → `10,450`, 0.93 → `0.9300`. */
export function figure(value: number, digits = 4): string {
  return format(value, { minimumSignificantDigits: digits, maximumSignificantDigits: digits });
}

/** With `decimals` digits after the point, for columns and for ratios around 1. */
export function fixed(value: number, decimals: number): string {
  return format(value, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/** As `fixed`, and always with its sign. */
export function signed(value: number, decimals: number): string {
  return `${value < 0 ? '' : '+'}${fixed(value, decimals)}`;
}

/** A ratio as a percentage: 0.017 → `1.7 %`. `null`: `unknown`. */
export function percent(ratio: number | null, decimals = 1): string {
  return ratio === null ? 'unknown' : `${fixed(100 * ratio, decimals)} %`;
}

/** A price or factor to the seven digits that a feed's 32-bit floats hold, written as data is: 2940.25. */
export function price(value: number): string {
  return format(value, { maximumSignificantDigits: PRICE_DIGITS, useGrouping: false });
}

/** A p-value or level, without the zeros that end it: `0.0412`, `0.4`, `below 0.0001`. */
export function probability(p: number, digits = 3): string {
  return p < LEAST_P ? `below ${String(LEAST_P)}` : format(p, { maximumSignificantDigits: digits });
}

/** Two figures that a sentence sets beside each other. */
export interface Compared {
  readonly first: string;
  readonly second: string;
  /** They differ in no digit that means anything; `first` and `second` are then the same text. */
  readonly equal: boolean;
}

/** Two figures with the fewest significant digits, `digits` at least, that tell them apart. */
export function compared(first: number, second: number, digits = 3): Compared {
  return tellApart(first, second, figure, digits);
}

/** A p-value and the level it is held to, told apart as by `compared`. */
export function comparedP(p: number, level: number, digits = 3): Compared {
  return tellApart(p, level, probability, digits);
}

function tellApart(
  first: number,
  second: number,
  write: (value: number, digits: number) => string,
  digits: number,
): Compared {
  for (let more = digits; more <= MOST_DIGITS; more += 1) {
    const [one, other] = [write(first, more), write(second, more)];
    if (one !== other) return { first: one, second: other, equal: false };
  }
  return { first: write(first, digits), second: write(second, digits), equal: true };
}

function format(value: number, options: Intl.NumberFormatOptions): string {
  // A figure that rounds to nothing has no sign.
  return new Intl.NumberFormat('en-US', options).format(value).replace(/^-(?=[0.]*$)/, '');
}
