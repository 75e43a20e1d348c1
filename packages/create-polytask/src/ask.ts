import * as prompts from '@clack/prompts';
import { complaintOf } from './create-error.ts';
import { checkFolder } from './create-project.ts';
import { checkPackageName, componentNameOf } from './names.ts';
import { baseNameOf, folderOf, KINDS, TEMPLATES, type Answers } from './project.ts';

/**
 * Asks in the terminal for what the flags leave open.
 *
 * @returns undefined when the user cancels
 */
export async function ask(given: Answers): Promise<Answers | undefined> {
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

/** The folder of a comparison also names its package. */
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
