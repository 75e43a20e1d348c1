import { Command, CommanderError } from 'commander';
import path from 'node:path';
import * as prompts from '@clack/prompts';
import { CreateError, complaintOf } from './create-error.ts';
import { createProject, checkFolder } from './create-project.ts';
import { KINDS, planProject, TEMPLATES, type Answers, type Template, baseNameOf, folderOf } from './project.ts';
import { checkPackageName, componentNameOf } from './names.ts';

/** The streams of the command. Questions are asked when both are terminals. */
export interface Io {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly stderr: { write(text: string): unknown };
}

const DONE = 0;
const FAILED = 1;
const MISUSED = 2;
const CANCELED = 130;

const NEXT: Readonly<Record<Template, readonly (readonly [command: string, does: string])[]>> = {
  compare: [
    ['npm install', ''],
    ['npm run bench', 'compares models on the sample, customers.csv'],
    ['npm run train', 'trains one of them, measures it and saves it'],
  ],
  component: [
    ['npm install', ''],
    ['npm test', 'runs the conformance tests'],
    ['npm run bench', 'compares the component with others'],
  ],
};

/**
 * The `npm create polytask` command.
 *
 * @param argv the arguments after the program's name
 * @returns the exit code: 0, 1 after a failure, 2 after a usage error, 130 when the user cancels
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const templates = Object.entries(TEMPLATES).map(([name, line]) => `${name}: ${line}`);
  const program = new Command('create-polytask')
    .description('Creates a project with Polytask. It asks for what the options leave open.')
    .argument('[folder]', 'the new folder')
    .option('--template <name>', templates.join('; '))
    .option('--kind <kind>', `of the component: ${Object.keys(KINDS).join(', ')}`)
    .option('--name <name>', 'of a component with its package, as my-package/kan; or of the project')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) });
  try {
    program.parse(argv, { from: 'user' });
    const given: Answers = { ...program.opts<Omit<Answers, 'folder'>>(), folder: program.args[0] };
    const answers = io.stdin.isTTY && io.stdout.isTTY ? await ask(given) : given;
    if (answers === undefined) {
      io.stderr.write('Canceled. Nothing was written.\n');
      return CANCELED;
    }
    const project = planProject(answers);
    const files = createProject(project);
    io.stdout.write(summaryOf(project.folder, files.length, NEXT[project.template]));
    return DONE;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : MISUSED; // commander has written the message
    if (!(error instanceof CreateError)) throw error;
    io.stderr.write(`error: ${error.message}\n`);
    return FAILED;
  }
}

function summaryOf(folder: string, files: number, next: (typeof NEXT)[Template]): string {
  const here = path.relative('.', folder) === '';
  const steps = [...(here ? [] : [[`cd ${folder}`, ''] as const]), ...next];
  const width = Math.max(...steps.map(([command]) => command.length));
  const lines = steps.map(([command, does]) => `  ${command.padEnd(width)}${does && `   # ${does}`}`.trimEnd());
  return `Created ${files} files in ${folder}. Next:\n\n${lines.join('\n')}\n\nREADME.md says more.\n`;
}

/** Asks in the terminal for the choices that no flag makes. Undefined when the user cancels. */
async function ask(given: Answers): Promise<Answers | undefined> {
  prompts.intro('A new project with Polytask');
  const template = given.template ?? (await choice('What do you want to make?', TEMPLATES));
  if (prompts.isCancel(template)) return undefined;
  if (template !== 'component') {
    const folder = given.folder ?? (await text('The folder?', 'my-comparison', checkComparison));
    return prompts.isCancel(folder) ? undefined : { ...given, template, folder };
  }
  const kind = given.kind ?? (await choice('A component of which kind?', KINDS));
  if (prompts.isCancel(kind)) return undefined;
  const name =
    given.name ?? (await text('The names of package and component?', `my-package/my-${kind}`, componentNameOf));
  if (prompts.isCancel(name)) return undefined;
  const proposal = complaintOf(() => componentNameOf(name))
    ? 'my-package'
    : folderOf(componentNameOf(name).packageName);
  const folder = given.folder ?? (await text('The folder?', proposal, checkFolder));
  return prompts.isCancel(folder) ? undefined : { ...given, template, kind, name, folder };
}

const checkComparison = (folder: string) => checkPackageName(baseNameOf(checkFolder(folder)));

const choice = (message: string, choices: Readonly<Record<string, string>>) =>
  prompts.select({
    message,
    options: Object.entries(choices).map(([value, hint]) => ({ value, label: `${value}: ${hint}` })),
  });

/** @param check throws a CreateError for an answer that doesn't do */
const text = (message: string, proposal: string, check: (answer: string) => unknown) =>
  prompts.text({
    message,
    placeholder: proposal,
    defaultValue: proposal,
    validate: (answer) => complaintOf(() => check(answer || proposal)),
  });
