import { checkOptions, fail } from '@polytask/core';
import { suiteOf, suites, type Suite } from '@polytask/study';
import { runOptions, type RunOptions } from './run-options.ts';
import { loadSuite } from './suites/load-suite.ts';

/**
 * The suite that the options of a run ask for.
 *
 * @throws PolytaskError on an unknown option or name, a number out of range, a directory too many or too few, or options that
 * exclude each other
 */
export async function readSuite(options: RunOptions): Promise<Suite> {
  checkOptions(options, runOptions, 'runSuite');
  const { engine: _, out, force, reuse, workers, retries: __, signal: ___, listener: ____, ...choices } = options;
  const suite = await suiteOf(choices, loadSuite);
  checkProcesses({ workers }, suite);
  checkReuse({ out, force, reuse });
  return suite;
}

/** A process of its own knows a suite by its name or its file, not by what stands in this one's memory. */
function checkProcesses({ workers = 0 }: Pick<RunOptions, 'workers'>, { row, files }: Suite): void {
  if (workers === 0 || files.length > 0 || suites.includes(row)) return;
  fail({
    expected: 'a suite by its name or its file, where trials run in processes of their own',
    received: `"${row.name}" as an object`,
    mend: 'Export it from a file and pass that, or leave workers out.',
  });
}

function checkReuse({ reuse, out, force }: Pick<RunOptions, 'reuse' | 'out' | 'force'>): void {
  if (reuse === undefined) return;
  if (out === undefined)
    fail({
      expected: 'a directory to write to, where trials of others are reused',
      received: 'none',
      mend: 'Pass --out DIR; in a program, out.',
    });
  if (force)
    fail({
      expected: 'force or reuse',
      received: 'both',
      mend: 'One runs trials again, the other copies them: leave one out.',
    });
}
