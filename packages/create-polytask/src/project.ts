import path from 'node:path';
import { CreateError } from './create-error.ts';
import { checkPackageName, componentNameOf } from './names.ts';

/** What can be created, with a line on each. */
export const TEMPLATES = {
  compare: 'a project that compares models on your CSV',
  component:
    'a package with a component of your own: an expert, a loss, a kind of feature, a reader of files or another kind',
} as const;

/** The kinds of component, with a line on each. */
export const KINDS = {
  expert: 'what a part of the network computes',
  gate: 'how a task weighs the experts',
  architecture: 'which experts each task sees, level by level',
  balancer: "how the tasks' losses or gradients become one step",
  loss: 'how wrong an output is',
  task: 'a kind of task: how a label is read, and how outputs become a prediction',
  label: 'a type of label: which columns it reads, and what their cells mean',
  prediction: 'a type of prediction: what its numbers are, and how they are measured',
  feature: 'a kind of feature: how a column enters the model',
  metric: 'how predictions are measured',
  calibration: 'how probabilities are corrected after the training',
  threshold: 'which probability decides for yes',
  pooling: 'how the entries of a sequence become one vector',
  penalty: "a loss on the parameters of a level's experts",
  schedule: 'how the learning rate changes',
  reader: 'how files of a format are read',
  tracker: 'where the numbers of trainings are recorded',
  search: 'which hyper-parameters are tried next',
} as const;

export type Template = keyof typeof TEMPLATES;
export type Kind = keyof typeof KINDS;

/** What the flags and the questions say. */
export interface Answers {
  readonly folder?: string | undefined;
  readonly template?: string | undefined;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
}

/** A project to create. */
export type Project =
  | { readonly template: 'compare'; readonly folder: string; readonly packageName: string }
  | {
      readonly template: 'component';
      readonly folder: string;
      readonly kind: Kind;
      readonly packageName: string;
      /** In kebab-case. */
      readonly component: string;
    };

/**
 * Checks the answers. The name of a `compare` project is by default that of its folder; the folder of a `component` package is by
 * default called like the package.
 *
 * @throws CreateError when an answer is missing or invalid, or belongs to the other template
 * @example planProject({ template: 'component', kind: 'expert', name: 'my-package/kan' }).folder // my-package
 */
export function planProject({ folder, template, kind, name }: Answers): Project {
  if (choiceOf(template, TEMPLATES, 'template') === 'component') {
    const kindOfComponent = choiceOf(kind, KINDS, 'kind');
    const names = componentNameOf(required(name, 'a name', 'Pass --name my-package/kan.'));
    return { template: 'component', folder: folder ?? folderOf(names.packageName), kind: kindOfComponent, ...names };
  }
  if (kind !== undefined)
    throw new CreateError({
      expected: 'no kind for the template compare',
      received: `"${kind}"`,
      fix: 'Leave --kind out, or pass --template component.',
    });
  const place = required(folder, 'a folder', 'Pass it first: npm create polytask@latest my-folder.');
  return { template: 'compare', folder: place, packageName: checkPackageName(name ?? baseNameOf(place)) };
}

/** The name of a folder, which may be `.`. */
export const baseNameOf = (folder: string): string => path.basename(path.resolve(folder));

/** The folder of a package: its name without the scope. */
export const folderOf = (packageName: string): string => packageName.slice(packageName.indexOf('/') + 1);

function choiceOf<K extends string>(value: string | undefined, choices: Readonly<Record<K, string>>, flag: string): K {
  if (value !== undefined && Object.hasOwn(choices, value)) return value as K;
  const names = Object.keys(choices).join('|');
  throw new CreateError({
    expected: `one of ${Object.keys(choices).join(', ')} as the ${flag}`,
    received: value === undefined ? 'none' : `"${value}"`,
    fix: `Pass --${flag} ${names}.`,
  });
}

function required(value: string | undefined, expected: string, fix: string): string {
  if (value !== undefined && value !== '') return value;
  throw new CreateError({ expected, received: 'none', fix });
}
