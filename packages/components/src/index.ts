export { PolytaskError, fail, shown, suggestion } from './errors.ts';
export {
  checkNames,
  fits,
  isObject,
  objectAt,
  readDocument,
  readOptions,
  under,
  type Args,
  type Described,
  type Filled,
  type FromDescription,
  type Lackable,
  type NumberRange,
  type Option,
  type Options,
  type Read,
  type ReadValue,
  type Richer,
  type Shape,
  type Written,
  type WrittenValue,
} from './options.ts';
export * from './checks.ts';
export { parseJson } from './parse-json.ts';
export { jsonSchema, type JsonSchema } from './json-schema.ts';
export { optionTypes, type OptionType } from './option-types.ts';
export { addTo, countsOf, groupBy, mapValues, memoized, recordOf, mean, ranked, sum } from './collections.ts';
export { erf, logGamma } from './special-functions.ts';
export { htmlText, mapTexts, markdownText, printable, printableLine } from './safe-text.ts';
export {
  choose,
  findEntry,
  type NamedEntry,
  readText,
  specNamed,
  specText,
  splitList,
  unique,
  withOptions,
} from './spec-text.ts';
export {
  type ComponentKind,
  type Spec,
  type About,
  type ComponentName,
  createSpec,
  type Definition,
  define,
  definedBy,
  definedIn,
  defining,
  type ComponentExample,
  type Factory,
  resolve,
  checkCopies,
  registered,
  componentsOf,
  allComponents,
  aboutOf,
  builderNamed,
  isCalled,
  optionsOf,
  standardName,
  checkSpec,
  type Traits,
  traitsOf,
  plainCopy,
} from './registry.ts';
export { variantsOf, type Listed } from './variants.ts';
