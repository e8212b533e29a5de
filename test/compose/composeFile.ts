import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../helpers/projectRoot.ts';

export interface Service {
  readonly image: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly healthcheck?: { readonly test: string | readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const composePath = join(projectRoot, 'docker-compose.yml');
export const composeText = readFileSync(composePath, 'utf8');

// dclint holds the file to Compose's schema; these are the parts the tests look at.
export const compose = parse(composeText, { merge: true }) as ComposeFile;

/** Services that run this repository's image. */
export const ownServices = Object.entries(compose.services).filter(([, { image }]) => image === 'shepherd');

export interface Interpolation {
  readonly name: string;
  /** `:-` gives a default, `:?` refuses with the text; '' where neither is written. */
  readonly operator: string;
  readonly text: string;
}

/** Every `${…}` of the file. */
export function interpolations(text: string): Interpolation[] {
  return [...text.matchAll(/\$\{(\w+)(:-|:\?)?([^}]*)\}/g)].map((match) => ({
    name: match[1]!,
    operator: match[2] ?? '',
    text: match[3] ?? '',
  }));
}

/** Source and target of a mount in short form, options left out. */
export function mount(volume: string): { readonly source: string; readonly target: string } {
  const [source = '', target = ''] = volume.replace(/\$\{\w+:-([^}]*)\}/, '$1').split(':');
  return { source, target };
}
