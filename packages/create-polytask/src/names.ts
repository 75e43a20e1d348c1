import { Script } from 'node:vm';
import validatePackageName from 'validate-npm-package-name';
import { CreateError } from './create-error.ts';

const KEBAB_CASE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** @throws CreateError when npm refuses the name for a new package */
export function checkPackageName(name: string): string {
  const { validForNewPackages, errors = [], warnings = [] } = validatePackageName(name);
  if (validForNewPackages) return name;
  throw new CreateError({
    expected: 'a name that npm takes for a package',
    received: `"${name}" (${[...errors, ...warnings].join(', ')})`,
    fix: 'Choose another one, such as my-package or @my-scope/my-package.',
  });
}

/** Reads the name of a component: `@my-scope/my-package/kan`. The component is in kebab-case. */
export function componentNameOf(name: string) {
  const slash = name.lastIndexOf('/');
  const [packageName, component] = [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
  if (packageName === '' || !KEBAB_CASE.test(component) || !isIdentifier(camelCase(component))) {
    throw new CreateError({
      expected: 'a package and a component in kebab-case, with a slash between them',
      received: `"${name}"`,
      fix: 'Pass a name such as my-package/kan. The component becomes a file, a function and a name in saved models.',
    });
  }
  return { packageName: checkPackageName(packageName), component };
}

/** `noisy-top-k` as `noisyTopK`. */
export const camelCase = (kebab: string): string => kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

/** Whether a module can declare a constant of this name. Compiles the declaration, and doesn't run it. */
function isIdentifier(name: string): boolean {
  try {
    new Script(`'use strict'; async () => { const ${name} = 0; };`);
    return true;
  } catch {
    return false;
  }
}
