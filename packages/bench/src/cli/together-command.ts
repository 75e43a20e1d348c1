import { togetherDocument } from '@polytask/study';
import type { Command } from 'commander';
import { whichTogether } from '../together/which-together.ts';
import type { Invocation } from './io.ts';
import { pageCommand } from './page-command.ts';

/** `polytask which-together people.json` groups tasks by their gradients, and tests the groups. */
export const command = (invocation: Invocation): Command =>
  pageCommand(invocation, {
    name: 'which-together',
    page: 'together.html',
    json: 'the pairs and groups',
    run: whichTogether,
    document: togetherDocument,
  });
