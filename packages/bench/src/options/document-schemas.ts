import { type Described, type JsonSchema, jsonSchema } from '@polytask/components';
import { aboutOf, type ComponentKind, registered } from '@polytask/core';
import { datasetOptions, featureKinds } from '@polytask/data';
import { suiteOptions } from '@polytask/study';
import { optionTexts, schemaOfComponent } from './component-options.ts';

export type DocumentName = 'dataset' | 'suite';

const DOCUMENTS: Readonly<Record<DocumentName, Described>> = { dataset: datasetOptions, suite: suiteOptions };
export const documentNames = Object.keys(DOCUMENTS) as DocumentName[];

/** The JSON Schema (draft-07) of a data set or suite file. `$defs` has all features, tasks and components that are defined. */
export function schemaOfDocument(name: DocumentName): JsonSchema {
  const schema = jsonSchema(DOCUMENTS[name], optionTexts()['document']?.[name]);
  const $defs: Record<string, JsonSchema> = {};
  const define = (referring: JsonSchema) => {
    for (const [, kind] of JSON.stringify(referring).matchAll(/#\/\$defs\/(\w+)/g)) {
      if (Object.hasOwn($defs, kind!)) continue;
      $defs[kind!] = {}; // components refer to one another
      define(($defs[kind!] = definitionOf(kind as ComponentKind)));
    }
  };
  define(schema);
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...schema, $defs };
}

/** A component in a document: `{ kind, name, config }`. A feature or task is `{ kind, ...options }`. Some may be their name alone. */
function definitionOf(kind: ComponentKind): JsonSchema {
  const isDeclared = kind === 'feature' || kind === 'task';
  const plain: string[] = [];
  const forms = (kind === 'feature' ? featureKinds() : registered(kind).map(described(kind))).map(
    ({ name, description }) => {
      const config = schemaOfComponent({ kind, name });
      const { properties, required = [] } = config as { properties: JsonSchema; required?: readonly string[] };
      if (required.length === 0 && (isDeclared || kind === 'loss' || kind === 'pooling')) plain.push(name);
      const keys = isDeclared
        ? { properties: { kind: { const: name }, ...properties }, required: ['kind', ...required] }
        : {
            properties: { kind: { const: kind }, name: { const: name }, config },
            required: ['kind', 'name', ...(required.length > 0 ? ['config'] : [])],
          };
      return { ...config, ...keys, description };
    },
  );
  return { anyOf: [...(plain.length > 0 ? [{ enum: plain }] : []), ...forms] };
}

const described = (kind: ComponentKind) => (name: string) => ({
  name,
  description: aboutOf(kind, name).description ?? '',
});
