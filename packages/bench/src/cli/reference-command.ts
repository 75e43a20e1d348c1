import path from 'node:path';
import { fail, listOf, optional, text } from '@polytask/components';
import { startEngine } from '../engines.ts';
import type { ReferenceCase } from '../reference/read-case.ts';
import type { ReferenceLine } from '../reference/compare-case.ts';
import { argument, defineCommand } from './command.ts';
import { hasColors } from './io.ts';
import * as shared from './shared-options.ts';

export const command = defineCommand({
  options: {
    cases: argument('configurations, NAME.json, each with its NAME.safetensors next to it', listOf(text)),
    engine: shared.engine,
    out: shared.out('dir', 'the computed NAME.safetensors, under the names of the case', optional(text)),
    force: shared.force(),
    json: shared.json('a line for each case'),
  },
  async run({ cases: paths, engine: name, json, out, force }, { stdout, stderr, exit }) {
    const { readCase } = await import('../reference/read-case.ts');
    const cases: ReferenceCase[] = [];
    for (const file of paths) cases.push(await readCase(file)); // reports all faults before the first case runs
    const names = cases.map((each) => each.name);
    const duplicate = names.find((each, i) => out !== undefined && names.indexOf(each) < i);
    if (duplicate !== undefined)
      fail({
        expected: 'cases of different names for --out',
        received: `"${duplicate}" twice`,
        fix: 'Run them one after the other, with an --out each.',
      });
    const fileOf = (each: { readonly name: string }) => path.join(out ?? '', `${each.name}.safetensors`);
    if (out !== undefined) shared.refuseReplacing(cases.map(fileOf), force);
    const engine = await startEngine(name, (note) => stderr.write(`${note}\n`));
    const runtime = await engine.runtime?.();
    const { eagerEngine } = await import('@polytask/training');
    const { compiledEngine } = await import('@polytask/training/compiled');
    const trainingEngine = runtime ? compiledEngine({ runtime }) : eagerEngine;
    const { compareCase, renderReference } = await import('../reference/compare-case.ts');
    const { runCase } = await import('../reference/run-case.ts');
    const { writeSafetensors } = await import('@polytask/core');
    const { writeWhole } = await import('../text-files.ts');
    const lines: ReferenceLine[] = [];
    for (const each of cases) {
      const computed = await runCase(each, trainingEngine);
      if (out !== undefined) await writeWhole(fileOf(each), writeSafetensors(computed));
      const line: ReferenceLine = { case: each.name, engine: engine.name, ...compareCase(each.expected, computed) };
      if (json) stdout.write(`${JSON.stringify(line)}\n`);
      lines.push(line);
    }
    if (!json) stdout.write(renderReference(lines, { colors: hasColors(stdout) }));
    if (out !== undefined)
      stderr.write(
        `Written: ${lines.length === 1 ? 'a safetensors file' : `${lines.length} safetensors files`} in ${out}\n`,
      );
    if (lines.some((line) => line.failed.length > 0)) exit(1);
  },
});
