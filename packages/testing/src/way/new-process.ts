import { mapValues } from '@polytask/components';
import { load, save, type Row } from '@polytask/core';
import { expectAgreement, type Numbers } from '../cases/agreement.ts';
import { IN_NEW_PROCESS, broken, inDirectory } from '../cases/case.ts';
import { TOLERANCE, trainedOn, type WayParts } from './whole-way.ts';

/** What a new process is asked for, and the predictions of the saved model and of the one that it trains. */
type Request = Readonly<{ modules: readonly string[]; parts: WayParts; rows: readonly Row[] }>;
type Answer = Readonly<Record<'loaded' | 'trained', Numbers>>;

const FLAGS = import.meta.url.endsWith('.ts')
  ? ['--import', 'tsx', '--conditions=@polytask/source', '--no-warnings']
  : [];

/**
 * A new process imports the modules from scratch, as a command does, on the backend and the engine of commands. The saved model predicts
 * there what it predicted here, and the same training gives about the same model.
 *
 * @param modules URLs of files and names of packages that define the components of the parts
 * @throws ConformanceError when predictions differ; the error of the other process
 */
export const newProcess = (given: WayParts, modules: readonly string[]): Promise<void> =>
  inDirectory(async (directory) => {
    const parts: WayParts = { ...given, fit: { ...given.fit, engine: 'compiled' } };
    const { rows, trained } = await trainedOn(parts, directory);
    const wanted = trained.predict(rows);
    await save(trained, `${directory}/model`);
    trained.dispose();
    const { readFile, writeFile } = await import('node:fs/promises');
    const { execFile } = await import('node:child_process');
    const { promisify } = await import('node:util');
    await writeFile(`${directory}/request.json`, JSON.stringify({ modules, parts, rows } satisfies Request));
    const program = `import('@polytask/testing/new-process').then(({ answer }) => answer(${JSON.stringify(directory)}))`;
    await promisify(execFile)(process.execPath, [...FLAGS, '--input-type=module', '--eval', program]).catch(
      ({ stderr }: { readonly stderr: string }) =>
        broken(
          `a new process that imports ${modules.join(', ') || 'nothing'}, loads the model and trains another`,
          (/^\w*Error.*$/m.exec(stderr)?.[0] ?? stderr).replace(/[.\s]+$/, ''),
          "Pass { module: new URL('./my-component.ts', import.meta.url).href }, or build the package that the definition names.",
        ),
    );
    const seen = JSON.parse(await readFile(`${directory}/answer.json`, 'utf8')) as Answer;
    const own = plain(wanted);
    expectAgreement(seen.loaded, own, TOLERANCE, 'the predictions of the saved model in a new process');
    expectAgreement(seen.trained, own, 1e-4, 'the predictions after the same training in a new process');
  });

const plain = (numbers: Numbers): Numbers => mapValues(numbers, (values) => Array.from(values));

/** Answers the request in a folder: what the process of {@link newProcess} runs. */
export async function answer(directory: string): Promise<void> {
  const { readFile, writeFile } = await import('node:fs/promises');
  const { modules, parts, rows } = JSON.parse(await readFile(`${directory}/request.json`, 'utf8')) as Request;
  const tf = await import('@tensorflow/tfjs-core');
  Object.assign(globalThis, { [IN_NEW_PROCESS]: true });
  for (const each of modules) await importAny(each);
  const hasWasm = await import('@tensorflow/tfjs-backend-wasm').then(
    () => tf.setBackend('wasm'),
    () => false,
  );
  if (!hasWasm) await tf.setBackend('cpu');
  const loaded = plain((await load(`${directory}/model`)).predict(rows)); // before anything is trained here
  const { trained } = await trainedOn(parts, directory);
  const given: Answer = { loaded, trained: plain(trained.predict(rows)) };
  await writeFile(`${directory}/answer.json`, JSON.stringify(given));
}

/** Imports a module. TypeScript is compiled where Node doesn't read it. A package that isn't built yet may have its file among the modules. */
async function importAny(name: string): Promise<void> {
  await import(name).catch(async (error: { code?: string }) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND' && !name.startsWith('file:')) return;
    if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error;
    const { createJiti } = await import('jiti');
    await createJiti(name, { tryNative: true, fsCache: false, nativeModules: ['@tensorflow/tfjs'] }).import(name);
  });
}
