import { tradeOffsDocument } from '@polytask/study';
import type { Command } from 'commander';
import { taskWeights, tradeOffs } from '../trade-offs/trade-offs.ts';
import type { Invocation } from './io.ts';
import { pageCommand } from './page-command.ts';
import { argument, numbers } from './arguments.ts';
import { modelsOption } from './shared-options.ts';

const weights = argument(numbers(taskWeights, '--weights'));

/** `polytask trade-offs people.json` trains models at several task weights, and draws the Pareto front. */
export const command = (invocation: Invocation): Command =>
  pageCommand(invocation, {
    name: 'trade-offs',
    page: 'trade-offs.html',
    json: 'the points',
    run: tradeOffs,
    document: tradeOffsDocument,
  })
    .option('--task <name>', 'the task that is weighed against the others (default: the first one)')
    .option('--weights <list>', 'its weights, from 0 to 1 (default: 0.1,0.3,0.5,0.7,0.9)', weights)
    .addOption(modelsOption(' (default: mmoe)'));
