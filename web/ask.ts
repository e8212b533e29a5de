import { PriceChart, type Banded } from './charts.ts';
import { ask, element, make, say } from './dom.ts';
import { decimalsFor, figure } from './figures.ts';

interface Answer {
  readonly day?: string;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  /** Absent where one day was asked for. */
  readonly forecast?: readonly (Omit<Banded, 'day'> & { readonly day?: string })[];
  readonly warning?: string;
}

let chart: PriceChart | undefined;

/** The form for every way to ask, each answered by `/predict` as any other caller gets it, and drawn. */
export function offerQuestions(symbol: () => string): void {
  const form = element('ask', HTMLFormElement);
  const show = (): void => {
    const way = String(new FormData(form).get('way'));
    for (const part of form.querySelectorAll<HTMLElement>('[data-way]')) part.hidden = part.dataset['way'] !== way;
  };
  form.addEventListener('change', show);
  show();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void answer(form, symbol());
  });
}

export const repaintAnswer = (): void => chart?.paint();

async function answer(form: HTMLFormElement, symbol: string): Promise<void> {
  element('answer').hidden = true;
  try {
    show(await ask<Answer>('/predict', requestOf(new FormData(form), symbol)));
    say('refusal', '');
  } catch (cause) {
    say('refusal', cause instanceof Error ? cause.message : String(cause));
  }
}

function requestOf(fields: FormData, symbol: string): RequestInit {
  const horizon = Number(fields.get('horizon'));
  if (fields.get('way') === 'file') {
    const body = new FormData();
    body.set('symbol', symbol);
    body.set('horizon', String(horizon));
    body.set('file', fields.get('file') ?? '');
    return { method: 'POST', body };
  }
  const asked = {
    horizon: { symbol, horizon },
    date: { symbol, date: fields.get('date') },
    numbers: { symbol, horizon, data: numbersIn(String(fields.get('numbers'))) },
  }[String(fields.get('way')) as 'horizon'];
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) };
}

/** Numbers however they were pasted; what is none is sent as it is, to be named in the refusal. */
function numbersIn(text: string): (number | string)[] {
  const pieces = text.split(/[\s,;]+/).filter((piece) => piece !== '');
  return pieces.map((piece) => (Number.isNaN(Number(piece)) ? piece : Number(piece)));
}

function show({ day, prediction, lower, upper, forecast = [] }: Answer): void {
  element('answer').hidden = false;
  const steps =
    forecast.length === 0 ? [{ prediction, lower, upper, ...(day === undefined ? {} : { day }) }] : forecast;
  const write = (value: number): string => figure(value, decimalsFor(prediction));
  element('answer-days').replaceChildren(
    ...steps.map((step, i) =>
      make('tr', [
        make('td', step.day ?? `+${i + 1}`),
        ...[step.prediction, step.lower, step.upper].map((value) => make('td', write(value))),
      ]),
    ),
  );
  chart ??= new PriceChart(element('answer-chart'));
  chart.fitNext();
  // Values of one's own have no days: they are counted on from the first of a year.
  const dated = steps.map((step, i) => ({
    ...step,
    day: step.day ?? new Date(Date.UTC(2000, 0, 1 + i)).toISOString().slice(0, 10),
  }));
  chart.draw([], dated);
}
