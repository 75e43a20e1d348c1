import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
// README
import { binary, labelsOf } from '@polytask/core';
import { batches, categorical, numeric, parseCsv, split } from '@polytask/data';
// END

describe('the example of the README', () => {
  it('runs, and stands there as it is run here', () => {
    const lines: unknown[][] = [];
    const console = { log: (...values: unknown[]) => void lines.push(values) };
    // README
    const text = `age,state,weeks_worked,income,marital
41,Utah,52,50000+.,Divorced
17,Utah,,- 50000.,Never married
29,Iowa,40,- 50000.,Never married
63,Ohio,26,50000+.,Married
35,Iowa,52,,Married`;

    const table = parseCsv(text, {
      // or: await readCsv('people.csv.gz', {
      features: { age: numeric(), weeks_worked: numeric({ indicator: true }), state: categorical() },
      tasks: {
        income: binary({ positive: '50000+.' }),
        never_married: binary({ from: 'marital', positive: 'Never married' }),
      },
    });
    const { train, test } = split(table, { test: 0.4, seed: 7 });
    for (const batch of batches(train, { batchSize: 2, seed: 7 })) {
      console.log(batch.numeric, batch.ids, labelsOf(batch, 'income').labels);
    }
    console.log(test.size, test.schema.features);
    // END

    expect(lines.map(([first]) => (first instanceof Float32Array ? first.length : first))).toEqual([6, 3, 2]);
    const here = readFileSync(fileURLToPath(import.meta.url), 'utf8');
    const parts = [...here.matchAll(/^ *\/\/ README\n([^]*?)^ *\/\/ END$/gm)].map(([, part]) =>
      part!.replace(/^ {4}/gm, ''),
    );
    const readme = readFileSync(fileURLToPath(new URL('../README.md', import.meta.url)), 'utf8');
    expect(parts.length).toBe(2);
    for (const part of parts) expect(readme).toContain(part.trimEnd());
  });
});
