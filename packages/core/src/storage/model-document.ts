import { z } from 'zod';
import { PolytaskError } from '../errors/errors.ts';
import { featureDocument } from '../features/schema.ts';
import { FORMAT } from './save.ts';

const spec = z.looseObject({ kind: z.string(), name: z.string(), config: z.unknown() });
const common = { from: z.string().optional(), weightFrom: z.string().optional(), weight: z.number().optional() };
const value = z.union([z.string(), z.number()]);
const task = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('binary'),
    ...common,
    positive: z.union([value, z.array(value)]).optional(),
    above: z.number().optional(),
    positiveWeight: z.number().optional(),
    fitted: z.object({ rate: z.number().min(0).max(1) }).optional(),
  }),
  z.object({
    kind: z.literal('multiclass'),
    ...common,
    classes: z.array(z.string()).optional(),
    fitted: z.object({ shares: z.array(z.number().min(0).max(1)) }).optional(),
  }),
  z.object({
    kind: z.literal('regression'),
    ...common,
    loss: z.enum(['squared', 'absolute', 'huber']).optional(),
    scale: z.enum(['standard', 'none']).optional(),
    log: z.boolean().optional(),
    fitted: z.object({ mean: z.number(), deviation: z.number().positive() }).optional(),
  }),
]);

const document = z.object({
  format: z.literal('polytask-model'),
  version: z.int().positive(),
  config: z.object({
    schema: z.object({ features: z.record(z.string(), featureDocument), tasks: z.record(z.string(), task) }),
    network: spec,
    tower: spec.optional(),
    selfAuxiliaries: z.object({ tower: spec.optional(), weight: z.number() }).optional(),
    rotations: z.object({ size: z.int().positive().optional() }).optional(),
    input: spec.optional(),
    headStart: z.enum(['base-rate', 'random']).optional(),
    auxiliary: z.record(z.string(), z.number()).optional(),
    seed: z.int(),
  }),
  packages: z.record(z.string(), z.string()).optional(),
  random: z.record(z.string(), z.int().nonnegative()),
});

export type ModelDocument = z.infer<typeof document>;

/** Checks the content of `model.json` before a model is built from it. */
export function checkModelDocument(value: unknown, what: string): ModelDocument {
  const { format, version } = value as { format?: unknown; version?: unknown };
  if (format !== 'polytask-model') {
    throw new PolytaskError(`${what} is not a Polytask model: its format is ${JSON.stringify(format)}.`);
  }
  if (typeof version === 'number' && version > FORMAT) {
    throw new PolytaskError(
      `${what} has format version ${version}, this version of Polytask reads up to ${FORMAT}. Update it.`,
    );
  }
  const result = document.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new PolytaskError(`${what} was changed after it was written: ${issues.join('; ')}.`);
}
