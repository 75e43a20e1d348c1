// For Polytask's own packages. Any release may change or remove these exports.
export { checkNames } from './options.ts';
export { jsonSchema, type JsonSchema } from './json-schema.ts';
export { optionTypes, type OptionType } from './option-types.ts';
export { mapValues, recordOf } from './records.ts';
export { htmlText, mapTexts, markdownText, printable, printableLine } from './safe-text.ts';
export { builderNamed, isCalled, optionsOf, standardName } from './registry.ts';
export { mean, sum } from './sums.ts';
export { parseWrittenJson } from './written-json.ts';
export { choose, findEntry, type NamedEntry, readText, specText, splitList, unique, withOptions } from './spec-text.ts';
