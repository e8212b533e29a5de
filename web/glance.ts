import { element, say } from './dom.ts';
import { decimalsFor, figure, percent } from './figures.ts';
import type { Overview } from './overview.ts';
import { word } from './words.ts';

type Mood = 'good' | 'warn' | 'bad';

interface Finding {
  readonly mood: Mood;
  readonly text: string;
}

/** What will tomorrow bring, how sure, and can I trust it: the first thing a person reads. */
export function showGlance(overview: Overview): void {
  const { model, asOf, close, forecast, level, coverage, scoredDays } = overview;
  const [next] = forecast;
  if (next === undefined) return;
  const write = (value: number): string => figure(value, decimalsFor(close));
  document.title = `${write(next.prediction)} – ${model.symbol} – Shepherd`;
  say('prediction', write(next.prediction));
  say('around', word('around', { day: next.day, close: write(close), asOf }));
  say('between', word('between', { level: percent(level), lower: write(next.lower), upper: write(next.upper) }));
  say('held', scoredDays === 0 ? word('notScored') : word('heldOf', { coverage: percent(coverage), days: scoredDays }));
  const findings = judge(overview);
  const worst: Mood =
    (['bad', 'warn', 'good'] as const).find((mood) => findings.some((one) => one.mood === mood)) ?? 'good';
  say('trust', word({ good: 'trustYes', warn: 'trustLook', bad: 'trustNo' }[worst] as 'trustYes'));
  element('trust').className = `figure ${worst}`;
  const list = element('findings');
  const text = findings.map((one) => one.text).join('\n');
  if (list.dataset['text'] === text) return;
  list.dataset['text'] = text;
  list.replaceChildren(
    ...findings.map((one) => {
      const item = document.createElement('li');
      item.className = one.mood;
      item.textContent = one.text;
      return item;
    }),
  );
}

function judge(overview: Overview): Finding[] {
  return [
    freshness(overview),
    drift(overview),
    skill(overview),
    { mood: 'good', text: word('answers', overview.model) },
  ];
}

function freshness({ freshness: { verdict, detail } }: Overview): Finding {
  if (verdict === 'current') return { mood: 'good', text: word('freshYes') };
  if (verdict === 'imported') return { mood: 'good', text: word('freshNone') };
  return { mood: verdict === 'unwatched' ? 'bad' : 'warn', text: word('freshNo', { detail }) };
}

function drift({ drift: check }: Overview): Finding {
  if (check === null) return { mood: 'warn', text: word('driftnone') };
  const mood = { stable: 'good', drifted: 'warn', undetermined: 'warn' } as const;
  return { mood: mood[check.verdict], text: word(`drift${check.verdict}`, { cause: check.cause ?? '' }) };
}

function skill({ betterThanNaive, skill: value }: Overview): Finding {
  if (betterThanNaive === null) return { mood: 'good', text: word('equal') };
  return {
    mood: betterThanNaive ? 'good' : 'warn',
    text: word(betterThanNaive ? 'better' : 'worse', { skill: percent(value) }),
  };
}
