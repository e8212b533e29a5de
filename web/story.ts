import { make } from './dom.ts';
import { moment } from './figures.ts';
import type { Overview } from './overview.ts';
import { word } from './words.ts';

const sentences = (events: Overview['story'][number]['events']): HTMLElement =>
  make(
    'ul',
    events.map(({ sentence }) => make('li', sentence)),
  );

/** Runs as stories: what decided something stands open, quiet days are one line that can be opened. */
export function tellStory(list: HTMLElement, story: Overview['story']): void {
  const open = new Set([...list.querySelectorAll('details[open]')].map((folded) => folded.getAttribute('data-from')));
  list.replaceChildren(
    ...story.map(({ quiet, runs, from, to, events }) => {
      const time = make('time', moment(quiet ? to : from), { datetime: quiet ? to : from });
      if (!quiet) return make('li', [time, sentences(events)]);
      const folded = make('details', [make('summary', [time, word('quiet', { runs })]), sentences(events)], {
        'data-from': from,
      });
      folded.open = open.has(from);
      return make('li', [folded], { class: 'quiet' });
    }),
  );
}

const MOODS = { promoted: 'good', 'rolled-back': 'warn', alarm: 'warn', refused: 'warn', fault: 'bad' } as const;

export const moodOf = (kind: keyof typeof MOODS): 'good' | 'warn' | 'bad' => MOODS[kind];

/** The marks of the drawing once more, as buttons that open their evidence: what a pointer does there, a keyboard does here. */
export function listMarks(list: HTMLElement, marks: Overview['marks']): void {
  const shown = [...marks].reverse().slice(0, 40);
  const key = shown.map(({ at, kind }) => at + kind).join();
  if (list.dataset['shown'] === key) return;
  list.dataset['shown'] = key;
  list.replaceChildren(
    ...(shown.length === 0
      ? [make('li', word('noMarks'))]
      : shown.map(({ day, at, kind, sentence }) =>
          make('li', [
            make('details', [make('summary', `${day} ${word(kind)}`, { class: moodOf(kind) }), make('p', sentence)], {
              id: `mark-${at}-${kind}`,
            }),
          ]),
        )),
  );
}

/** Opens the evidence of a mark and brings it into sight. */
export function openMark(id: string): void {
  const evidence = document.getElementById(`mark-${id}`);
  if (!(evidence instanceof HTMLDetailsElement)) return;
  evidence.closest<HTMLDetailsElement>('details.marks')?.setAttribute('open', '');
  evidence.open = true;
  evidence.scrollIntoView({ block: 'nearest' });
  evidence.querySelector('summary')?.focus();
}
