import { normalisedCrps, normalisedNaiveCrps } from '../cycle/losses.ts';
import type { Policy } from './policy.ts';
import type { Replay } from './replay.ts';

const WIDTH = 960;
const HEIGHT = 420;
const MARGIN = { left: 64, right: 110, top: 36, bottom: 40 };

/** Distinguishable also with the common colour-vision deficiencies (Okabe & Ito 2008). */
const COLOURS: Readonly<Record<Policy, string>> = {
  never: '#000000',
  weekly: '#0072b2',
  monthly: '#56b4e9',
  stale: '#009e73',
  drift: '#d55e00',
  decay: '#cc79a7',
  service: '#e69f00',
};

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The replay as an SVG picture: for each policy the CRPS saved so far against the EWMA normal, in per cent of what that one has
 * lost so far, with a dot at each promotion. Higher is better. The first quarter is left out, where the ratio is noise.
 */
export function drawReplays(replays: readonly Replay[], title: string): string {
  const curves = replays.map((replay) => ({ replay, saved: savedSoFar(replay) }));
  const length = Math.max(0, ...curves.map(({ saved }) => saved.length));
  const shown = curves.flatMap(({ saved }) => saved.slice(SKIPPED));
  if (shown.length === 0) return svg([text(WIDTH / 2, HEIGHT / 2, `${title}: too few days to draw`, 'middle')]);
  const [low, high] = [Math.min(0, ...shown), Math.max(0, ...shown)];
  const place = (index: number, value: number): Point => ({
    x: MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * index) / Math.max(1, length - 1),
    y: MARGIN.top + ((HEIGHT - MARGIN.top - MARGIN.bottom) * (high - value)) / Math.max(1e-9, high - low),
  });
  const labels = spreadLabels(curves, ({ saved }) => place(length - 1, saved.at(-1) ?? 0).y);
  return svg([
    text(MARGIN.left, 20, title, 'start'),
    ...[low, (low + high) / 2, high].map((value) => gridLine(place(0, value).y, `${value.toFixed(1)} %`)),
    ...replays.slice(0, 1).flatMap((replay) => yearMarks(replay, place)),
    ...curves.flatMap((curve) => drawCurve(curve.replay, curve.saved, place, labels.get(curve) ?? 0)),
  ]);
}

const SKIPPED = 60;

/** Percent of the EWMA normal's CRPS saved up to each day. */
function savedSoFar({ scores }: Replay): number[] {
  let own = 0;
  let naive = 0;
  return scores.map((score) => {
    own += normalisedCrps(score);
    naive += normalisedNaiveCrps(score);
    return 100 * (1 - own / naive);
  });
}

function drawCurve(
  replay: Replay,
  saved: readonly number[],
  place: (i: number, v: number) => Point,
  labelY: number,
): string[] {
  const colour = COLOURS[replay.policy];
  const points = saved.map((value, i) => place(i, value)).slice(SKIPPED);
  const path = points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
  const promoted = new Set(replay.retrains.filter(({ verdict }) => verdict.kind === 'promote').map(({ day }) => day));
  const dots = saved.flatMap((value, i) => {
    const day = replay.scores[i]?.day;
    if (i < SKIPPED || day === undefined || !promoted.has(day)) return [];
    const { x, y } = place(i, value);
    return [`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3" fill="${colour}"/>`];
  });
  return [
    `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    ...dots,
    text(WIDTH - MARGIN.right + 8, labelY, replay.policy, 'start', colour),
  ];
}

function yearMarks({ scores }: Replay, place: (i: number, v: number) => Point): string[] {
  return scores.flatMap(({ day }, i) => {
    const year = day.slice(0, 4);
    if (scores[i - 1]?.day.startsWith(year) ?? true) return [];
    return [text(place(i, 0).x, HEIGHT - 16, year, 'middle')];
  });
}

function gridLine(y: number, label: string): string {
  const line = `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${y.toFixed(1)}" y2="${y.toFixed(1)}" stroke="#ddd"/>`;
  return `${line}${text(MARGIN.left - 8, y + 4, label, 'end')}`;
}

/** The height of each curve's label: where it ends, moved down where the label above would cover it. */
function spreadLabels<T>(curves: readonly T[], endOf: (curve: T) => number): Map<T, number> {
  let above = -Infinity;
  return new Map(
    curves
      .map((curve) => ({ curve, end: endOf(curve) }))
      .sort((a, b) => a.end - b.end)
      .map(({ curve, end }) => {
        above = Math.max(end, above + 14);
        return [curve, above + 4];
      }),
  );
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end', colour = '#333'): string {
  const safe = words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="${colour}">${safe}</text>`;
}

function svg(parts: readonly string[]): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`;
  return `${open}\n<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>\n${parts.join('\n')}\n</svg>\n`;
}
