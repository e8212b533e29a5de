// Writes grafana/dashboards/*.json from the TypeScript beside it: node bin/build.mjs && node dist/grafana/build.js
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { flockBoard } from './boards/flock.ts';
import { seriesBoard } from './boards/series.ts';
import { servicesBoard } from './boards/services.ts';

/** File name and text of each dashboard, as committed. */
export function dashboardFiles(): ReadonlyMap<string, string> {
  const boards = { 'flock.json': flockBoard(), 'series.json': seriesBoard(), 'services.json': servicesBoard() };
  return new Map(Object.entries(boards).map(([name, board]) => [name, `${JSON.stringify(board, null, 2)}\n`]));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Compiled to dist/grafana/; the committed files lie beside the sources.
  const folder = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'grafana', 'dashboards');
  for (const [name, text] of dashboardFiles()) writeFileSync(join(folder, name), text);
}
