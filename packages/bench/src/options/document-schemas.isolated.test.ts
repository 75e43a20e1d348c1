import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { expect, it, vi } from 'vitest';

const ROOT = new URL('../../../../', import.meta.url);
const templates = ['feature', 'label', 'loss', 'pooling', 'prediction', 'task'].map((kind) => {
  const folder = `packages/create-polytask/template/${kind}`;
  return [`${folder}/${kind === 'pooling' ? 'visits' : 'customers'}.json`, `${folder}/src/my-component.ts`] as const;
});

/** A data set file. That of a template has the keys of the layer below it, too, as create-polytask writes them. */
function documentOf(file: string): object {
  const read = (name: string) => JSON.parse(readFileSync(new URL(name, ROOT), 'utf8')) as object;
  const below = 'packages/create-polytask/template/customers/customers.json';
  return file.endsWith('/customers.json') ? { ...read(below), ...read(file) } : read(file);
}

it.each([
  ...templates,
  ['examples/censored-price/offers.json', 'examples/censored-price/price.ts'],
  ['examples/hour-of-day/orders.json', 'examples/hour-of-day/hour.ts'],
] as const)(
  'the schema and the reader take %s with its plugin alone',
  async (file, plugin) => {
    vi.resetModules(); // with the registry, this forgets the last plugin: templates share a name
    Reflect.deleteProperty(globalThis, Symbol.for('@polytask/components'));
    const { fits, shaped } = await import('@polytask/components');
    const { datasetOptions } = await import('@polytask/data');
    const { schemaOfDocument } = await import('./document-schemas.ts');
    await import('../index.ts'); // defines all components
    const document = documentOf(file);
    const taken = () => [
      new Ajv().compile(schemaOfDocument('dataset'))(document),
      fits(shaped(datasetOptions), document),
    ];
    expect(taken()).toEqual([false, false]);
    await import(new URL(plugin, ROOT).href);
    expect(taken()).toEqual([true, true]);
  },
  60_000,
);
