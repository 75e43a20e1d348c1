import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { capturedIo } from '../testing/captured-io.ts';
import { main } from './main.ts';

async function scriptOf(shell: string): Promise<string> {
  const { io, out } = capturedIo();
  expect(await main(['completions', shell], io)).toBe(0);
  return out();
}

test('bash completes commands, and the options of a command', async () => {
  const script = await scriptOf('bash');
  const completed = (...words: string[]) =>
    execFileSync('bash', ['--norc'], {
      encoding: 'utf8',
      input: `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_polytask; echo "\${COMPREPLY[@]}"`,
    }).trim();
  expect(completed('polytask', 'tr')).toBe('train trade-offs');
  expect(completed('polytask', 'train', 'people.json', '--learn')).toBe('--learning-rate');
  expect(completed('polytask', 'predict', '--learn')).toBe('');
  expect(completed('polytask', 'predict', '--deb')).toBe('--debug');
  expect(completed('polytask', 'train', 'peo')).toBe(''); // a file: the shell's own
  expect(completed('polytask', 'train', '')).toBe('');
  expect(completed('polytask', '--debug', 'ev')).toBe('evaluate');
  expect(completed('polytask', '--debug', 'predict', 'train', '--ke')).toBe('--keep'); // a folder named train
  expect(completed('polytask', 'predict', 'train', '--learn')).toBe('');
  expect(completed('polytask', 'train', '--no-b')).toBe('--no-boosting');
});

test('zsh reads the same script, and fish has a line for each command and option', async () => {
  expect(
    (await scriptOf('zsh')).endsWith(`\nautoload -U bashcompinit && bashcompinit\n${await scriptOf('bash')}`),
  ).toBe(true);
  const fish = await scriptOf('fish');
  expect(fish).toContain("complete -c polytask -n '__polytask_command train' -l out -s o -r -d ");
  expect(fish).toMatch(/^complete -c polytask -n __polytask_command -f -a evaluate -d 'measure a trained model/m);
  expect(fish.startsWith('function __polytask_command\n')).toBe(true);
  for (const line of fish
    .slice(fish.indexOf('\nend\n') + 5)
    .trimEnd()
    .split('\n'))
    expect(line).toMatch(/^complete -c polytask .*-d '(?:[^'\\]|\\['\\])*'$/);
});
