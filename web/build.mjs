// Makes what the browser gets that is not copied as it is: the page as one file, and the runbook as a page of its own.
import { buildSync } from 'esbuild';
import { Marked } from 'marked';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'dist/web');

// With the chart library inside, so that running needs no package of the build.
buildSync({
  entryPoints: [join(root, 'web/page.ts')],
  outfile: join(target, 'page.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
});

// Each heading is found under the alert's name in small letters, as its link has it.
const heading = ({ depth, text }) => `<h${depth} id="${text.toLowerCase()}">${text}</h${depth}>`;
const body = new Marked({ renderer: { heading } }).parse(readFileSync(join(root, 'grafana/runbook.md'), 'utf8'));
writeFileSync(
  join(target, 'runbook.html'),
  `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" /><meta name="viewport" content="width=device-width, initial-scale=1" />
<title>Runbook – Shepherd</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml" /><link rel="stylesheet" href="/assets/page.css" />
</head>
<body><main><p><a href="/">Shepherd</a></p>
${body}</main></body>
</html>
`,
);
