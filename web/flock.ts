import { ask, element, make, say } from './dom.ts';
import { percent } from './figures.ts';
import { word } from './words.ts';

interface Row {
  readonly symbol: string;
  readonly lastDay: string | null;
  readonly version: number | null;
  readonly verdict: string | null;
  readonly cause: string | null;
  readonly heldBars: number;
  readonly missedDays: number;
  readonly scored: number;
  readonly skill: number | null;
  readonly coverage: number | null;
  readonly outcome: string | null;
  readonly sentence: string | null;
}

type Key = 'look' | 'symbol' | 'lastDay' | 'version' | 'skill' | 'coverage';

/** Rows in sight at first, and how many more a press brings: five thousand at once would make every key wait. */
const PAGE = 100;
/** As on the boards and in the alerts. */
const FEW_HELD = 0.8;
const ENOUGH_DAYS = 60;

let rows: readonly (Row & { readonly look: string; readonly weight: number })[] = [];
let sorting: { key: Key; descending: boolean } = { key: 'look', descending: true };
let shown = PAGE;

/** All series in one table: searched, sorted and walked through by the arrow keys; Enter shows one. */
export function offerFlock(choose: (symbol: string) => void): { refresh(): Promise<void>; redraw(): void } {
  element('flock-search').addEventListener('input', () => {
    shown = PAGE;
    draw();
  });
  element('flock-more').addEventListener('click', () => {
    shown += PAGE;
    draw();
  });
  for (const button of document.querySelectorAll<HTMLElement>('#flock th button')) {
    button.addEventListener('click', () => {
      const key = button.dataset['key'] as Key; // written so in index.html
      sorting = { key, descending: sorting.key === key ? !sorting.descending : key !== 'symbol' };
      draw();
    });
  }
  const body = element('flock-rows');
  body.addEventListener('click', (event) => {
    const symbol = (event.target as HTMLElement).closest<HTMLElement>('button')?.dataset['symbol'];
    if (symbol !== undefined) choose(symbol);
  });
  body.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const buttons = [...body.querySelectorAll('button')];
    buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus();
  });
  return {
    async refresh() {
      const { series } = await ask<{ series: readonly Row[] }>('/flock');
      rows = series.map((row) => ({ ...row, look: looksOf(row).join(', '), weight: weightOf(row) }));
      draw();
    },
    redraw: draw,
  };
}

function looksOf(row: Row): string[] {
  return [
    ...(row.outcome === 'failed' ? [word('failed')] : []),
    ...(row.missedDays > 0 ? [word('silent', { days: row.missedDays })] : []),
    ...(row.heldBars > 0 ? [word('held', { bars: row.heldBars })] : []),
    ...(row.verdict === 'drifted' ? [word('drifted', { cause: row.cause ?? '' })] : []),
    ...(row.scored >= ENOUGH_DAYS && (row.coverage ?? 1) < FEW_HELD ? [word('narrow')] : []),
    ...(row.version === null ? [word('noModel')] : []),
  ];
}

const weightOf = (row: Row): number =>
  16 * Number(row.outcome === 'failed') +
  8 * Number(row.missedDays > 0) +
  4 * Number(row.heldBars > 0) +
  2 * Number(row.verdict === 'drifted') +
  Number((row.coverage ?? 1) < FEW_HELD);

function draw(): void {
  const sought = element('flock-search', HTMLInputElement).value.trim().toLowerCase();
  const found = rows.filter(
    ({ symbol, look }) => symbol.toLowerCase().includes(sought) || (sought !== '' && look.includes(sought)),
  );
  const { key, descending } = sorting;
  const sorted = [...found].sort((a, b) => (descending ? -1 : 1) * compare(a, b, key) || compare(a, b, 'symbol'));
  const focused = (document.activeElement as HTMLElement | null)?.dataset['symbol'];
  element('flock-rows').replaceChildren(...sorted.slice(0, shown).map(rowOf));
  if (focused !== undefined)
    document.querySelector<HTMLElement>(`#flock-rows [data-symbol="${CSS.escape(focused)}"]`)?.focus();
  say('flock-shown', word('shown', { shown: Math.min(shown, found.length), all: rows.length }));
  element('flock-more').hidden = found.length <= shown;
  for (const button of document.querySelectorAll<HTMLElement>('#flock th button')) {
    const sortedBy = button.dataset['key'] === key;
    button.closest('th')?.setAttribute('aria-sort', sortedBy ? (descending ? 'descending' : 'ascending') : 'none');
  }
}

function compare(a: (typeof rows)[number], b: (typeof rows)[number], key: Key): number {
  if (key === 'look') return a.weight - b.weight;
  const [left, right] = [a[key], b[key]];
  if (left === null || right === null) return Number(right === null) - Number(left === null);
  return left < right ? -1 : Number(left > right);
}

function rowOf({ symbol, look, lastDay, version, skill, coverage, sentence }: (typeof rows)[number]): HTMLElement {
  return make('tr', [
    make('th', [make('button', symbol, { type: 'button', 'data-symbol': symbol })], { scope: 'row' }),
    make('td', look, { class: look === '' ? '' : 'warn' }),
    make('td', lastDay ?? '–'),
    make('td', String(version ?? '–')),
    make('td', percent(skill)),
    make('td', percent(coverage)),
    make('td', sentence ?? '–'),
  ]);
}
