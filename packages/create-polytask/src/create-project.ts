import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CreateError } from './create-error.ts';
import type { Project } from './project.ts';
import { render } from './render.ts';

/**
 * Writes a new project. After an error, the folder is as it was before.
 *
 * @returns the paths of the files, relative to the folder
 * @throws CreateError when the folder has other files, or the template uses the name of the component for something else
 * @example createProject(projectOf({ template: 'compare', folder: 'my-folder' })).includes('package.json') // true
 */
export function createProject(project: Project): string[] {
  checkFolder(project.folder);
  const files = render(project);
  const created = mkdirSync(project.folder, { recursive: true });
  try {
    for (const [file, text] of files) {
      const target = path.join(project.folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text, { flag: 'wx' });
    }
  } catch (error) {
    const written = new Set([...files.keys()].map((file) => path.join(project.folder, file.split('/')[0]!)));
    for (const each of created === undefined ? written : [created]) rmSync(each, { recursive: true, force: true });
    throw error;
  }
  return [...files.keys()];
}

/**
 * Checks that a project can be written into a folder: nothing is there but perhaps an empty git repository.
 *
 * @throws CreateError that names the first file
 */
export function checkFolder(folder: string): string {
  if (!existsSync(folder)) return folder;
  const [first] = statSync(folder).isDirectory() ? readdirSync(folder).filter((name) => name !== '.git') : [folder];
  if (first === undefined) return folder;
  throw new CreateError({
    expected: `an empty folder, or a new one, at ${folder}`,
    received: first === folder ? 'a file' : `one that has ${first}`,
    mend: 'Choose another folder. Nothing was written.',
  });
}
