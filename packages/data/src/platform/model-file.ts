import type { Option } from '@polytask/components';
import { fail, openFolder, readDocument, readSealed, writeSealed } from '@polytask/core';
import { nodeModule } from './node-module.ts';

/** The content of a saved model's `model.json`. @throws PolytaskError for a folder without a model */
export const modelJson = async (folder: string): Promise<Uint8Array> =>
  (await openFolder(folder).read('model.json')) ??
  fail({ expected: `model.json in ${folder}`, received: 'none', fix: 'Pass the folder of a trained model.' });

/** A sealed JSON file in the folder of a model. @param what it is, and `fix`, for messages */
export const sealedFile = <D extends object>(name: string, shape: Option<D>, what: string, fix: string) => ({
  async write(folder: string, document: D): Promise<void> {
    const content = await writeSealed(document);
    await openFolder(folder).write((writer) => writer.replace(name, `${content}\n`));
  },
  /** Undefined where there is none. @throws PolytaskError for a file that was changed */
  async read(folder: string): Promise<D | undefined> {
    const content = await openFolder(folder).read(name);
    if (!content) return undefined;
    const { join } = nodeModule('node:path', `reading ${what}`);
    const place = `${what} as JSON in ${join(folder, name)}`;
    return readDocument(shape, await readSealed(content, place, fix), place);
  },
});
