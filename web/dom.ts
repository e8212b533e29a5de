/** @throws Error when the page has no such element, which a test would meet first. */
export function element<T extends HTMLElement = HTMLElement>(id: string, type?: new () => T): T {
  const found = document.getElementById(id);
  if (found === null || (type !== undefined && !(found instanceof type))) throw new Error(`the page has no #${id}`);
  return found as T; // of the type asked for, or of any
}

/** A new element with its text or its children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  content: string | readonly (Node | string)[] = [],
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (typeof content === 'string') made.textContent = content;
  else made.append(...content);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Writes only what has changed, so that a screen reader is not told the same again. */
export function say(id: string, text: string): void {
  const target = element(id);
  if (target.textContent !== text) target.textContent = text;
}

export interface Refusal {
  readonly error: string;
}

/** The answer as JSON, or the sentence with which it was refused. */
export async function ask<T>(path: string, init?: RequestInit): Promise<T> {
  const reply = await fetch(path, init);
  const body = (await reply.json()) as T | Refusal; // every answer of the services is JSON of its own schema
  if (!reply.ok) throw new Error((body as Refusal).error);
  return body as T;
}
