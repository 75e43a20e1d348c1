import { streamCounters } from '../parameters/parameter-store.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bundleProgram } from '../../../../process.base.ts';
import { PolytaskError } from '@polytask/components';
import { tinyModel, tinyRows, type tinyTasks } from '../testing/tiny.ts';
import { PENDING, WEIGHTS, readBundle, writeBundle } from '../storage/bundle.ts';
import { load } from './load.ts';
import { save, toBytes } from './save.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'polytask-'))));
afterEach(async () => rm(directory, { recursive: true, force: true }));
const at = (...names: string[]) => join(directory, ...names);

const trained = () => {
  const model = tinyModel({ dropout: 0.2 });
  model.store.all().forEach(({ variable }, i) => variable.assign(tf.add(variable, 0.01 * i)));
  tf.tidy(() => void model.forward(model.toTensors(model.encode(tinyRows)), { training: true })); // moves a stream
  return model;
};

/** Edits `model.json`, and removes its checksum: so it is a file of version 0.1.0, which had none. */
async function edit(change: (document: Record<string, never>) => unknown): Promise<void> {
  const document = JSON.parse(await readFile(at('model', 'model.json'), 'utf8')) as Record<string, never>;
  delete (document['weights'] as unknown as { document?: string }).document;
  await writeFile(at('model', 'model.json'), JSON.stringify(change(document)));
}

describe('save and load', () => {
  it('give back the same predictions, bit for bit, and the place in the random streams', async () => {
    const model = trained();
    await save(model, at('model'));
    const loaded = await load<typeof tinyTasks>(at('model'));
    expect(loaded.predict(tinyRows)).toEqual(model.predict(tinyRows));
    expect(streamCounters(loaded.store)).toEqual(streamCounters(model.store));
    expect(loaded.config).toEqual(JSON.parse(JSON.stringify(model.config)));
    expect((await readdir(at('model'))).sort()).toEqual(['model.json', WEIGHTS]);
  });

  it('have no options, and refuse any', async () => {
    await expect(save(trained(), at('model'), { overwrite: true } as never)).rejects.toThrow(
      'save, received "overwrite"',
    );
    await expect(load(at('model'), { strict: true } as never)).rejects.toThrow('load, received "strict"');
  });

  it('refuse a folder whose other files belong to a trained model, or its weights to a checkpoint', async () => {
    await save(trained(), at('model'));
    await save(trained(), at('model')); // a model alone is replaced
    await writeFile(at('model', 'dataset.json'), '{"features": {}}'); // written by hand, it has no schema
    await save(trained(), at('model'));
    await writeFile(at('model', 'dataset.json'), '{\n  "schema": "0123"\n}');
    await expect(save(trained(), at('model'))).rejects.toThrow(/model of a training.*dataset\.json\. Save to another/);
    await rm(at('model', 'dataset.json'));
    await writeFile(at('model', 'scores.json'), '{}');
    await expect(save(trained(), at('model'))).rejects.toThrow('received scores.json. Save to another folder');
    await load(at('model'));
    await writeBundle(at('run'), 'checkpoint.json', { document: {}, tensors: {} });
    const before = await readFile(at('run', WEIGHTS));
    await expect(save(trained(), at('run'))).rejects.toThrow(
      /model\.json beside weights\.safetensors .* of something else/,
    );
    expect(await readFile(at('run', WEIGHTS))).toEqual(before);
  });

  it('take bytes, files, a file URL and an http URL', async () => {
    const model = trained();
    const expected = model.predict(tinyRows);
    await save(model, at('model'));
    const bytes = await toBytes(model);
    const files = Object.entries(bytes).map(([name, data]) => new File([data as Uint8Array<ArrayBuffer>], name));
    const server = createServer(async (request, response) => {
      const name = request.url!.split('/').at(-1)!;
      const data = bytes[name];
      response.writeHead(data ? 200 : 404).end(data);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}/people/`;
    for (const source of [bytes, files, pathToFileURL(at('model')), url]) {
      expect((await load(source)).predict(tinyRows)).toEqual(expected);
    }
    server.close();
    await expect(load(url.replace('people', 'people'))).rejects.toThrow("Can't reach http://127.0.0.1");
  });

  it('write what they have read, when tensors of some MB change meanwhile', async () => {
    const w = { dtype: 'float32', shape: [2 ** 20], data: new Float32Array(2 ** 20) } as const;
    const written = writeBundle(at('bundle'), 'state.json', { document: {}, tensors: { w } });
    let done = false;
    void written.then(() => (done = true));
    for (let n = 1; !done; n++) {
      w.data.fill(n);
      await new Promise(setImmediate);
    }
    const { tensors } = await readBundle(at('bundle'), 'state.json'); // the sha256 is that of the file
    expect(tensors['w']!.data).toHaveLength(2 ** 20);
  });

  it('replace a model as a whole', async () => {
    await save(tinyModel({ seed: 1 }), at('model'));
    await save(tinyModel({ seed: 2 }), at('model'));
    expect((await load(at('model'))).predict(tinyRows)).toEqual(tinyModel({ seed: 2 }).predict(tinyRows));
  });

  it.each([NaN, Infinity])(
    'refuse parameters that are not finite, and keep the model that was there: %d',
    async (bad) => {
      const model = trained();
      await save(model, at('model'));
      const { document, tensors } = await readBundle(at('model'), 'model.json');
      const [name, { data }] = Object.entries(tensors).at(-1)!;
      const { variable } = model.store.get(name);
      variable.assign(tf.fill(variable.shape, bad));
      const message = (what: string) =>
        `Expected finite parameters in ${what}, received "${name}" with ${bad}. Its training has diverged: train it anew ` +
        'with a lower learning rate, or with clip: { norm: 1 }.';
      await expect(save(model, at('model'))).rejects.toThrow(message('the model to save'));
      await expect(toBytes(model)).rejects.toThrow(message('the model to save'));
      expect((await load(at('model'))).store.get(name).variable.dataSync()).toEqual(data);
      const before = tf.memory().numTensors;
      data[0] = bad;
      await writeBundle(at('model'), 'model.json', { document, tensors }); // as earlier versions saved it
      await expect(load(at('model'))).rejects.toThrow(message(`the model in "${at('model')}"`));
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('need the tensors of a failed load no more', async () => {
    await save(trained(), at('model'));
    await edit((document) => JSON.parse(JSON.stringify(document).replace('"units":4', '"units":5')));
    const before = tf.memory().numTensors;
    await expect(load(at('model'))).rejects.toThrow("doesn't fit the model");
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a save that was interrupted', () => {
  it('leaves the old model, or the new one, at each step', async () => {
    const [old, fresh] = [tinyModel({ seed: 1 }), tinyModel({ seed: 2 })];
    const [before, after] = [old.predict(tinyRows), fresh.predict(tinyRows)];
    await save(old, at('model'));
    const files = await toBytes(fresh);

    await writeFile(at('model', PENDING), files[WEIGHTS]!.subarray(0, 40)); // stopped within the weights
    expect((await load(at('model'))).predict(tinyRows)).toEqual(before);
    await writeFile(at('model', PENDING), files[WEIGHTS]!); // … before the JSON
    await writeFile(at('model', 'model.json.new'), '{"half');
    expect((await load(at('model'))).predict(tinyRows)).toEqual(before);
    await writeFile(at('model', 'model.json'), files['model.json']!); // … before the weights took their place
    expect((await load(at('model'))).predict(tinyRows)).toEqual(after);
  });

  it('leaves the new model when it was the first, between the renaming of its two files', async () => {
    const model = tinyModel({ seed: 2 });
    const files = await toBytes(model);
    await mkdir(at('model'));
    await writeFile(at('model', PENDING), files[WEIGHTS]!);
    await writeFile(at('model', 'model.json'), files['model.json']!);
    expect((await load(at('model'))).predict(tinyRows)).toEqual(model.predict(tinyRows));
    await writeFile(at('model', PENDING), files[WEIGHTS]!.subarray(0, 40)); // and nothing else when it is damaged
    await expect(load(at('model'))).rejects.toThrow(`There is no ${WEIGHTS} in`);
  });

  it('is finished by the next save, which must not lose what it finds', async () => {
    const files = await toBytes(tinyModel({ seed: 2 }));
    await save(tinyModel({ seed: 1 }), at('model'));
    await writeFile(at('model', PENDING), files[WEIGHTS]!);
    await writeFile(at('model', 'model.json'), files['model.json']!);
    await save(tinyModel({ seed: 3 }), at('model'));
    expect((await load(at('model'))).predict(tinyRows)).toEqual(tinyModel({ seed: 3 }).predict(tinyRows));
    expect((await readdir(at('model'))).sort()).toEqual(['model.json', WEIGHTS]);
  });

  it('leaves a whole bundle when the process is killed, whenever that is', { tags: ['long'] }, async () => {
    const program = await bundleProgram(join(import.meta.dirname, 'killed-writer.fixture.ts'), directory);
    const numbers = new Set<unknown>();
    for (const [bundles, delay] of [0, 3, 7, 12, 18, 25, 33, 42].entries()) {
      const child = spawn(process.execPath, [program, at('bundle')]);
      for (let written = 0; written <= bundles;) written += String((await once(child.stdout, 'data'))[0]).length;
      await new Promise((wait) => setTimeout(wait, delay));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const { document, tensors } = await readBundle(at('bundle'), 'state.json');
      expect(new Set(tensors['w']!.data)).toEqual(new Set([document['number']]));
      numbers.add(document['number']);
    }
    expect(numbers.size).toBeGreaterThan(1); // it was killed at different places
  });
});

describe('a damaged model', () => {
  const damage: [string, (files: Record<string, Uint8Array>) => Promise<void> | void, string][] = [
    ['no weights', () => rm(at('model', WEIGHTS)), 'There is no weights.safetensors'],
    ['no JSON', () => rm(at('model', 'model.json')), 'There is no model.json'],
    ['cut weights', (f) => writeFile(at('model', WEIGHTS), f[WEIGHTS]!.subarray(0, -5)), 'is truncated: tensor'],
    [
      'a flipped bit',
      (f) =>
        writeFile(
          at('model', WEIGHTS),
          f[WEIGHTS]!.map((b, i) => (i === f[WEIGHTS]!.length - 9 ? b ^ 1 : b)),
        ),
      'was changed after it was written: its sha256',
    ],
    [
      'foreign weights',
      () => writeFile(at('model', WEIGHTS), 'PK\u0003\u0004 a zip file, perhaps a torch checkpoint'),
      'is not a safetensors file',
    ],
    ['cut JSON', (f) => writeFile(at('model', 'model.json'), f['model.json']!.subarray(0, 90)), 'model.json in'],
    [
      'foreign JSON',
      () => writeFile(at('model', 'model.json'), '{"class_name": "Sequential"}'),
      "doesn't say which weights it belongs to",
    ],
    ['a list', () => writeFile(at('model', 'model.json'), '[]'), 'is not a JSON object'],
    [
      "another model's weights",
      async () => {
        await save(tinyModel({ seed: 9 }), at('other'));
        await rename(at('other', WEIGHTS), at('model', WEIGHTS));
      },
      'was changed after it was written',
    ],
  ];
  it.each(damage)('%s', async (_, change, message) => {
    const model = trained();
    await save(model, at('model'));
    await change({ ...(await toBytes(model)) });
    await expect(load(at('model'))).rejects.toThrow(PolytaskError);
    await expect(load(at('model'))).rejects.toThrow(message);
  });

  const edits: [string, (document: Record<string, never>) => unknown, string][] = [
    [
      'a newer format',
      (d) => ({ ...d, version: 99 }),
      'has format version 99, this Polytask reads up to 1. Update it.',
    ],
    ['another format', (d) => ({ ...d, format: 'onnx' }), 'is not a Polytask model: its format is "onnx"'],
    [
      'a feature of no kind',
      (d) => change(d, (c) => (c.schema.features.age.kind = 'text')),
      'not: feature "text". Before load, import the file that defines feature "text".',
    ],
    [
      'a missing seed',
      (d) => change(d, (c) => delete c.seed),
      'Expected a whole number for the seed, received nothing.',
    ],
    [
      'a vocabulary of another length',
      (d) => change(d, (c) => c.schema.features.state.vocabulary.push('Iowa')),
      '"input.table" is [16,8], not [17,8]',
    ],
    [
      'a key that no model has',
      (d) => change(d, (c) => (c.schema.features.age.indicatr = true)),
      'an option of config.schema.features.age, received "indicatr". Did you mean "indicator"?',
    ],
    [
      'a table of a billion rows',
      (d) => change(d, (c) => (c.schema.features.state = { kind: 'hashed', buckets: 1e9 })),
      'Expected parameters of at most ',
    ],
    [
      'a billion units, before one is built',
      (d) => change(d, (c) => (c.network.config.units = 1e9)),
      'Expected network.config.units to be at most 100,000',
    ],
    [
      'an unknown expert',
      (d) => change(d, (c) => (c.tower.name = 'cross')),
      "can't be built. Expected all components of the model to be defined, received one that is not: " +
        'expert "cross". Before load, import the file that defines expert "cross".',
    ],
    [
      'an unknown kind of task',
      (d) => change(d, (c) => (Object.values<Record<string, unknown>>(c.schema.tasks)[0]!['kind'] = 'count')),
      'not: task "count". Before load, import the file that defines task "count".',
    ],
  ];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a document to damage has no type
  function change(document: Record<string, never>, edit: (config: any) => unknown): unknown {
    const copy = structuredClone(document) as Record<string, unknown>;
    edit(copy['config']);
    return copy;
  }
  it.each(edits)('%s, in a file without a checksum', async (_, change, message) => {
    await save(trained(), at('model'));
    await edit(change);
    await expect(load(at('model'))).rejects.toThrow(message);
  });

  it('whose JSON has one other bit is refused, whichever bit it is', async () => {
    const files = await toBytes(trained());
    const json = files['model.json']!;
    for (let bit = 0; bit < 8 * json.length; bit += 7) {
      const changed = json.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      await expect(load({ ...files, 'model.json': changed }), `bit ${bit}`).rejects.toThrow(PolytaskError);
    }
  });

  it('is no directory at all', async () => {
    await expect(load(at('nowhere'))).rejects.toThrow('There is no model.json in');
    await expect(load(undefined as never)).rejects.toThrow('a directory, a URL, files, or bytes by file name');
  });
});

describe('in a browser', () => {
  it('directories are refused with what to do instead', async () => {
    const browser = await import('../storage/browser.ts');
    const folder = browser.openFolder('model');
    const instead = 'received the directory "model". Pass "indexeddb://my-model" or "opfs://my-model"';
    await expect(folder.read('model.json')).rejects.toThrow(instead);
    await expect(browser.listFolder('model')).rejects.toThrow(instead);
  });

  it.each([
    [{}, 'received one without navigator.storage. Serve the page over HTTPS or from localhost'],
    [{ storage: {} }, 'received a browser without them.'],
  ])('%j has no private files, and no locks: an error in words', async (navigator, message) => {
    vi.stubGlobal('navigator', navigator);
    const browser = await import('../storage/browser.ts');
    const folder = browser.openFolder('opfs://model');
    await expect(folder.read('model.json')).rejects.toThrow(message);
    await expect(folder.write((writer) => writer.replace('a', 'b'))).rejects.toThrow('without navigator.locks');
    vi.unstubAllGlobals();
  });
});
