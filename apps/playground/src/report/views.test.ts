import { createHash } from 'node:crypto';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** The file of study that has the views. `npm run report-views` writes it. */
const BUNDLE = path.join(import.meta.dirname, '../../../../packages/study/src/report/views-bundle.ts');

it('is what reports have inside', { timeout: 120_000 }, async () => {
  const { outputFiles } = await build({
    entryPoints: [path.join(import.meta.dirname, 'views.tsx')],
    outdir: 'out',
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    platform: 'browser',
    conditions: ['@polytask/source'],
    external: ['*/views-bundle.ts'], // the views don't import it; it may be missing or out of date
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'error',
  });
  const [script, style] = outputFiles.map(({ text }) => text.trim()) as [string, string];
  expect(script.length + style.length).toBeLessThan(60_000);
  expect(script).not.toMatch(/<\/script|<!--|\bimport\(|\bfetch\(|https?:\/\/(?!www\.w3\.org\/)/);
  const hash = `sha256-${createHash('sha256').update(script).digest('base64')}`;
  const module = [
    '// Interactive views of reports: a script, its hash for a policy, and a style sheet. `npm run report-views` writes this file',
    '// from apps/playground/src/report/views.tsx (decision 44).',
    `export const VIEWS = ${JSON.stringify({ hash, script, style })} as const;`,
  ];
  await expect(`${module.join('\n')}\n`).toMatchFileSnapshot(BUNDLE);
});
