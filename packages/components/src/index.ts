export { PolytaskError, fail, shown, suggestion } from './errors.ts';
export {
  checkOptions,
  fits,
  isObject,
  objectAt,
  readDocument,
  readOptions,
  under,
  type Check,
  type Options,
} from './options.ts';
export * from './checks.ts';
export { optionTypes, type OptionType } from './option-types.ts';
export { parseJson } from './parse-json.ts';
export { plainCopy } from './plain.ts';
export { groupBy, mapValues, recordOf } from './records.ts';
export * from './registry.ts';
export { variantsOf, type Listed } from './variants.ts';
export { VERSION } from './version.ts';
