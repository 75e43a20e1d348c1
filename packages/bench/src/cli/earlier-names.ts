import { type Command, Option } from 'commander';
import type { Io } from './io.ts';

/** Options by their earlier names, which are still accepted. Without a new name, an option is no longer needed. */
const EARLIER: readonly (readonly [command: string, before: string, now?: string])[] = [
  ['describe', '--rows', '--limit-rows'],
  ['explain', '--rows', '--limit-rows'],
  ['export', '--onnx', '--out'],
  ['fetch', '--data', '--out'],
  ['serve', '--max-rows', '--max-request-rows'],
  ['train', '--experts', '--expert'],
  ['train', '--resume'],
  ['worker', '--patience', '--lost-after'],
];

/** Accepts the earlier names of options: each does what the new one does, and a line says the new name. Help doesn't show them. */
export function acceptEarlierNames(program: Command, { stderr }: Pick<Io, 'stderr'>): void {
  for (const [name, before, now] of EARLIER) {
    const command = program.commands.find((each) => each.name() === name)!;
    const target = command.options.find(({ long }) => long === now);
    const option = new Option(target ? target.flags.replace(/^.*--[\w-]+/, before) : before).hideHelp();
    if (target) {
      option.attributeName = () => target.attributeName();
      if (target.parseArg) option.argParser(target.parseArg);
    }
    command.addOption(option);
    const notice =
      now === undefined
        ? 'is no longer needed: the same command continues from what is there.'
        : `is now ${now}. The old name still works.`;
    command.on(`option:${option.name()}`, () => void stderr.write(`${before} ${notice}\n`));
  }
}
