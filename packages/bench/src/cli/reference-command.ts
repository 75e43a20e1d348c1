import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fail, writeSafetensors } from '@polytask/core';
import { findRow } from '@polytask/study';
import { eagerEngine } from '@polytask/training';
import { compiledEngine } from '@polytask/training/compiled';
import { Command } from 'commander';
import pc from 'picocolors';
import { engines } from '../engines/engines.ts';
import { AUTO, startEngine } from '../engines/start-engine.ts';
import { compareCase } from '../reference/compare-case.ts';
import { readCase, type ReferenceCase } from '../reference/read-case.ts';
import { renderReference, type ReferenceLine } from '../reference/render-reference.ts';
import { runCase } from '../reference/run-case.ts';
import { argument } from './arguments.ts';
import type { Io } from './io.ts';

interface Options {
  engine: string;
  json?: boolean;
  out?: string;
}

/** `polytask reference CASE.json …`. @param failed told when a case is past its tolerance */
export const referenceCommand = ({ stdout, stderr }: Io, failed: () => void): Command =>
  new Command('reference')
    .description("compare with the AdaTT authors' PyTorch library: logits, losses, gradients, training")
    .argument('<cases...>', 'configurations, NAME.json, each with its NAME.safetensors beside it')
    .option(
      '--engine <name>',
      `${AUTO}, ${engines.map(({ name }) => name).join(', ')}`,
      argument((name) => (name === AUTO ? name : findRow(engines, name, 'engine').name)),
      AUTO,
    )
    .option('--out <dir>', 'write what was computed: NAME.safetensors, under the names of the case')
    .option('--json', 'a JSON line a case on stdout, and nothing else')
    .action(async (cases: readonly string[], { engine: name, json, out }: Options) => {
      const given: ReferenceCase[] = [];
      for (const each of cases) given.push(await readCase(each)); // a fault is found before the first one runs
      const twice = given.find((each, i) => out !== undefined && given.findIndex(({ name }) => name === each.name) < i);
      if (twice)
        fail({
          expected: 'cases of different names for --out',
          received: `"${twice.name}" twice`,
          mend: 'Run them one after the other, with an --out each.',
        });
      const engine = await startEngine(name, (note) => stderr.write(`${note}\n`));
      const runs = findRow(engines, engine, 'engine').training === 'compiled' ? compiledEngine() : eagerEngine;
      if (out !== undefined) await mkdir(out, { recursive: true });
      const lines: ReferenceLine[] = [];
      for (const each of given) {
        const computed = await runCase(each, runs);
        if (out !== undefined) await writeFile(path.join(out, `${each.name}.safetensors`), writeSafetensors(computed));
        const line: ReferenceLine = { case: each.name, engine, ...compareCase(each.expected, computed) };
        if (json) stdout.write(`${JSON.stringify(line)}\n`);
        lines.push(line);
      }
      if (!json) stdout.write(renderReference(lines, { colors: Boolean(stdout.isTTY) && pc.isColorSupported }));
      if (out !== undefined)
        stderr.write(
          `Written: ${lines.length === 1 ? 'a safetensors file' : `${lines.length} safetensors files`} in ${out}\n`,
        );
      if (lines.some((line) => line.failed.length > 0)) failed();
    });
