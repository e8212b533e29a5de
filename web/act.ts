import { ask, element, make, say } from './dom.ts';
import { word } from './words.ts';

interface Held {
  readonly id: string;
  readonly day?: string;
  readonly since?: string;
  readonly kind: string;
  readonly sentence: string;
}

/** What a person with the token may have done: each act asks for its reason, and goes to the control service by way of this one. */
export function offerActs(symbol: () => string, refresh: () => void): void {
  const form = element('act', HTMLFormElement);
  const send = (act: string, body: object): Promise<object> =>
    ask(`/control/${act}`, {
      method: 'POST',
      headers: { ...authorized(), 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const carryOut = async (act: string, fields: object): Promise<void> => {
    if (!form.reportValidity()) return;
    try {
      const reason = element('reason', HTMLInputElement).value;
      const done = await send(act, { ...fields, reason });
      say('acted', word('done', { what: JSON.stringify(done) }));
      element('reason', HTMLInputElement).value = '';
      refresh();
    } catch (cause) {
      say('acted', cause instanceof Error ? cause.message : String(cause));
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const act = (event.submitter as HTMLButtonElement | null)?.value ?? 'retrain';
    if (act === 'held') void listHeld(symbol(), carryOut);
    else void carryOut(act, { symbol: symbol() });
  });
}

const authorized = () => ({ authorization: `Bearer ${element('token', HTMLInputElement).value}` });

async function listHeld(symbol: string, carryOut: (act: string, fields: object) => Promise<void>): Promise<void> {
  try {
    const path = `/control/quarantine?${new URLSearchParams({ symbol }).toString()}`;
    const { held } = await ask<{ held: readonly Held[] }>(path, { headers: authorized() });
    const settle = (id: string, verdict: 'accept' | 'reject'): HTMLButtonElement => {
      const button = make('button', word(verdict), { type: 'button' });
      button.addEventListener('click', () => void carryOut(`quarantine/${verdict}`, { id }));
      return button;
    };
    element('held-bars').replaceChildren(
      ...held.map(({ id, sentence }) => make('li', [`${sentence} `, settle(id, 'accept'), ' ', settle(id, 'reject')])),
    );
    say('acted', held.length === 0 ? word('noHeld') : '');
  } catch (cause) {
    say('acted', cause instanceof Error ? cause.message : String(cause));
  }
}
