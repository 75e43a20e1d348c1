import { togetherDocument } from '@polytask/study';
import type { Command } from 'commander';
import { whichTogether } from '../together/which-together.ts';
import type { Io } from './io.ts';
import { pageCommand } from './page-command.ts';

/** `polytask which-together people.json` groups tasks by their gradients, and tests the groups. */
export const togetherCommand = (io: Io, onExitCode: (code: number) => void, plugins: readonly string[] = []): Command =>
  pageCommand(io, onExitCode, plugins, {
    name: 'which-together',
    page: 'together.html',
    json: 'the pairs and groups',
    run: whichTogether,
    document: togetherDocument,
  });
