import { existsSync } from 'node:fs';
import path from 'node:path';
import { membersOf, type WeightedModel } from '@polytask/baselines';
import { mapValues } from '@polytask/components';
import { fail, growModel, type MultiTaskModel, type Schema, type Tasks, trainerOf } from '@polytask/core';
import { newNetwork } from '@polytask/core/internal';
import {
  type DatasetParts,
  openDataset,
  openRows,
  readRows,
  readSeenRows,
  type RowFormat,
  type RowSplit,
  type SeenRows,
  type Dataset,
  modelId,
  readTrainedModel,
  seenRows,
  unseen,
  rowFormat,
  rowFormatDocument,
} from '@polytask/data';
import {
  averageOf,
  contentKey,
  type Continued,
  type RegisteredModel,
  type SeenCount,
  type ModelSize,
  type Suite,
  suiteOfDataset,
  trainAndTest,
  trainingOptions,
  type TrainedTrial,
  trialKey,
  type TrialSpec,
} from '@polytask/study';
import { startEngine } from '../engines.ts';
import { headOf } from '../text-files.ts';
import { seenInFile } from '../saved-model.ts';
import { NEW_MODEL, trialOf, type Trained } from '../model-folder.ts';
import { CALIBRATION_CHOICES, type CalibrationChoices, calibrationIn } from './calibration-choices.ts';
import { compareRetrained } from './compare-retrained.ts';
import { begin } from './training-run.ts';
import { trainSuite, type TrainOptions } from './train-options.ts';

/** Trains a saved model further on new rows, and compares it with what it was. @param data a data set file, or a file of rows */
export async function trainFrom(data: string, options: TrainOptions): Promise<Trained> {
  const { from, out, access, seed = 1, limitRows } = options as TrainOptions & { readonly from: string };
  refuseOthers(options);
  if (out !== undefined && path.resolve(out) === path.resolve(from))
    fail({ expected: 'another folder than that of --from', received: out, fix: 'Pass another --out.' });
  const { mode } = await startEngine(options.engine); // a model needs a backend
  const { model: old, rows: format } = await readTrainedModel(from);
  const members = membersOf(old) ?? [{ model: old }];
  try {
    const { limits } = access ?? {};
    const seen = await readSeenRows(from);
    const tasks = mapValues(old.schema.tasks, ({ calibrated: _, ...task }) => task); // calibrations fit the old weights only
    const growing = { growing: { ...old.schema, tasks }, seen };
    const trial = await trialOf(from);
    const dataset = (await isDocument(data))
      ? await openDataset(data, { ...access, ...growing })
      : await openRows(data, format, {
          ...(limits && { limits }),
          ...growing,
          split: splitOf(trial?.config.data.file),
        });
    checkSameDeclaration(dataset, format, old.schema, path.basename(data));
    const row = suiteOfDataset(dataset, `the rows of ${data}`);
    const { from: _, oldData, refitDecayRate, scratch = true, ...choices } = { ...options, boosting: false };
    const change = changesOf(members, refitDecayRate);
    const given = { ...choices, size: (trial?.config.size as ModelSize | undefined) ?? {} };
    const suiteOf = async (choices: TrainOptions, rows: readonly RegisteredModel[]): Promise<Suite> => {
      const suites: Suite[] = [];
      for (const model of rows)
        suites.push(await trainSuite(data, { ...choices, model }, async () => ({ suite: row })));
      return { ...suites[0]!, models: suites.flatMap(({ models }) => models) };
    };
    const { spec, others, hooks, inFolder, report } = await begin(
      await suiteOf(given, rowsOf(members, trial?.model, change)),
      options,
    );
    const id = await modelId(from);
    const specs = [spec, ...others].map((each) => continuedFrom(each, id));
    // a new model has the defaults of the data: few epochs, a low rate and frozen parts suit a model that is trained already
    const usual: TrainOptions = Object.fromEntries(
      Object.entries(given).filter(([name]) => !(name in trainingOptions)),
    );
    const anew = scratch
      ? await begin(await suiteOf(usual, rowsOf(members, trial && `new ${trial.model}`)), {
          ...usual,
          out: undefined,
          listener: undefined,
        })
      : undefined;
    const planned = anew ? [anew.spec, ...anew.others] : [];
    return await inFolder(
      contentKey([...specs, ...planned].map(({ key }) => key)),
      async () => {
        const parts = dataset.parts(seed, limitRows); // encoded for the spec already
        const raw = parts.raw();
        const oldRows =
          oldData === undefined
            ? undefined
            : await oldRowsOf(oldData, format, trial?.seed ?? 1, options, seenRows(raw, seen));
        const [{ model, ...tested }, other] = (await trainAndTest([...specs, ...planned], {
          ...hooks,
          calibrate: hooks.calibrate && [...hooks.calibrate, ...(anew?.hooks.calibrate ?? [])],
          async start(schema, given) {
            const member = members[specs.indexOf(given)];
            return member && (await growModel(member.model, schema, change(member.model))).model;
          },
          async choose(trained) {
            if (members.length === 1) return trained;
            const parts = [trained.slice(0, members.length), trained.slice(members.length)];
            return parts.flatMap((part) =>
              part.length === 0 ? [] : averageOf(part.map((each, m) => ({ ...each, weights: members[m]!.weight }))),
            );
          },
        })) as [TrainedTrial, TrainedTrial | undefined];
        try {
          const file = path.basename(data);
          const test = { rows: `test rows of ${file}`, table: raw.test };
          const folder = out && path.join(out, NEW_MODEL);
          const compared = await compareRetrained(
            { old, continued: model, new: other?.model },
            test,
            oldRows,
            mode,
            folder,
          );
          if (anew && other && folder !== undefined && compared.deploy.evidence['choice'] === 'new')
            await anew.write(folder, contentKey(planned.map(({ key }) => key)), {
              model: other.model,
              report: await anew.report([other]),
            });
          const continued: Continued = {
            from,
            ids: model.layout.vocabulary - old.layout.vocabulary,
            uncalibrated: uncalibrated(old.schema.tasks, calibrationIn(options, dataset.document)),
            ...compared,
            leftOut: [...(seen ? leftOutOf(parts, file) : []), ...(oldRows?.leftOut ?? [])],
          };
          return { model, report: { ...(await report([tested])), continued } };
        } finally {
          other?.model.dispose();
        }
      },
      seen,
    );
  } finally {
    for (const { model } of members) if (model !== old) model.dispose();
    old.dispose();
  }
}

const CALIBRATED = { calibration: 'calibration', intervals: 'interval', threshold: 'threshold' } as const;

/** The options that would calibrate the tasks as they were, and aren't given. */
const uncalibrated = (tasks: Tasks, given: CalibrationChoices = {}): string[] =>
  CALIBRATION_CHOICES.filter(
    (name) =>
      given[name] === undefined && Object.values(tasks).some(({ calibrated }) => calibrated?.[CALIBRATED[name]]),
  );

/** Whether a file describes a data set, and isn't a JSON array of rows. */
async function isDocument(file: string): Promise<boolean> {
  if (!file.endsWith('.json') || !existsSync(file)) return file.endsWith('.json');
  return !/^\s*\[/.test((await headOf(file)).toString('utf8')); // \s has the byte order mark, too
}

/** The split of a data set document for one file of rows. A part that had a file of its own gets a tenth of the rows. */
function splitOf(document: unknown): RowSplit | undefined {
  const { split } = Object(document) as { readonly split?: RowSplit };
  return split && split.kind !== 'column' ? { validation: 0.1, test: 0.1, ...split } : split;
}

function refuseOthers(options: TrainOptions): void {
  for (const name of ['model', 'expert', 'gate', 'size'] as const) {
    const value = options[name];
    if (value === undefined || (name === 'size' && Object.keys(value).length === 0)) continue;
    fail({
      expected: `no ${name} with from, whose model has its architecture`,
      received: JSON.stringify(value),
      fix: `Leave ${name} out, or train a new model without from.`,
    });
  }
}

/**
 * Rows of the model table that build the declarations of the models again.
 *
 * @param label of a single model. Default: the name of its network, as for the members of an average
 * @param change options of their networks
 */
function rowsOf(
  members: readonly WeightedModel[],
  label: string | undefined,
  change: (model: MultiTaskModel) => object = () => ({}),
): RegisteredModel[] {
  return members.map(({ model }, m) => {
    const { tower, input, selfAuxiliaries, members: own, ...config } = model.config;
    const network = newNetwork(config.network);
    const name = members.length === 1 ? (label ?? network.name) : network.name;
    const isTwice = members.filter((each) => each.model.config.network.name === name).length > 1;
    const all = {
      network: { ...network, config: { ...(network.config as object), ...change(model) } },
      tower,
      input,
      selfAuxiliaries,
      members: own,
    };
    const given = Object.fromEntries(Object.entries(all).filter(([, part]) => part !== undefined)) as typeof all;
    return { name: isTwice ? `${name} ${m + 1}` : name, description: 'a trained model', build: () => given };
  });
}

/** How the configuration of a network changes for the further training. @throws PolytaskError if no member has leaves to move */
function changesOf(members: readonly WeightedModel[], refitDecayRate: number | undefined) {
  const hasTrees = ({ config }: MultiTaskModel) => trainerOf(config.network) !== undefined;
  if (refitDecayRate !== undefined && !members.some(({ model }) => hasTrees(model)))
    fail({
      expected: 'a model with boosted trees for refitDecayRate',
      received: `"${members[0]!.model.config.network.name}"`,
      fix: 'Leave it out. For networks, a lower learning rate keeps more of the old model.',
    });
  return (model: MultiTaskModel) => (refitDecayRate !== undefined && hasTrees(model) ? { refitDecayRate } : {});
}

function continuedFrom(spec: TrialSpec, from: string): TrialSpec {
  const { suite, model, seed, engine } = spec;
  const { headStart: _, ...trainingConfig } = spec.config.training; // heads start as they are
  const config = { ...spec.config, training: trainingConfig, model: { ...spec.config.model, from } };
  return { ...spec, config, key: trialKey({ suite, model, seed, engine, config }) };
}

function leftOutOf({ leftOut, validation, test }: DatasetParts, file: string): SeenCount[] {
  const left = (part: 'validation' | 'test', { size }: { readonly size: number }): SeenCount => ({
    ...{ rows: `${part} rows of ${file}`, of: size + (leftOut?.[part] ?? 0), seen: leftOut?.[part] ?? null },
    withValidation: part === 'test',
  });
  return [left('validation', validation), left('test', test)];
}

/** The test rows of a data set, as the old training split it, or all rows of a file. @param seen the rows that are left out */
async function oldRowsOf(file: string, format: RowFormat, seed: number, { access }: TrainOptions, seen: SeenRows) {
  const rows = `old rows of ${path.basename(file)}`;
  const parts = (await isDocument(file)) ? (await openDataset(file, access)).parts(seed).raw() : undefined;
  const table = parts?.test ?? (await readRows(file, format, { labels: true }));
  const { isSeen, leftOut } = seenInFile(rows, table, seen, { before: parts ? [parts.train, parts.validation] : [] });
  return { rows, table: unseen(table, isSeen, rows), leftOut };
}

/** Options that a continued training applies: where values are, which further ones get a row, and how tasks are trained. */
const APPLIED = {
  feature: ['kind', 'from', 'columns', 'separator', 'minCount', 'maxSize', 'vocabulary'],
  task: ['kind', 'from', 'weight', 'weightFrom', 'loss', 'fitted', 'calibrated'],
} as const;

type Declared = Readonly<Record<string, unknown>>;

/** Refuses a data set whose options contradict those that a model's weights depend on. @param rows declares the model's first rows */
export function checkSameDeclaration(
  { document, context }: Dataset,
  rows: RowFormat,
  schema: Schema,
  place: string,
): void {
  const { features, tasks } = rowFormat(rowFormatDocument(document), place);
  const faults = [
    ...differences('feature', features, rows.features, schema.features),
    ...differences('task', tasks, rows.tasks, schema.tasks),
    ...(textOf(context) === textOf(schema.context)
      ? []
      : [`context is ${textOf(context)}, and was ${textOf(schema.context)}`]),
  ];
  if (faults.length === 0) return;
  fail({
    expected: `the options of the model that is trained on in ${place}`,
    received: `others: ${faults.join('; ')}`,
    fix: 'Give these options their earlier values, or train a new model without --from.',
  });
}

/** @param was the earlier declarations @param fitted those that the model has */
const differences = (what: keyof typeof APPLIED, now: object, was: object, fitted: object): string[] =>
  Object.entries(now as Record<string, Declared>).flatMap(([name, declared]) => {
    const [before, known] = [was, fitted].map((each) => (each as Record<string, Declared>)[name]);
    if (!before || declared['kind'] !== before['kind']) return []; // growSchema refuses it, or a task is new
    return differing(what, declared, before, known).map((text) => `${what} "${name}": ${text}`);
  });

const differing = (what: keyof typeof APPLIED, now: Declared, was: Declared, fitted: Declared = {}): string[] =>
  [...new Set([...Object.keys(now), ...Object.keys(was)])].flatMap((key) => {
    if ((APPLIED[what] as readonly string[]).includes(key)) return [];
    const [value, before, known] = [now[key], was[key], fitted[key]];
    if (key === 'values' && value && before)
      return differing(what, value as Declared, before as Declared, known as Declared);
    if ([before, known].some((each) => textOf(each) === textOf(value))) return [];
    return `${key} is ${textOf(value)}, and was ${textOf(before)}`;
  });

/** false is the default of each flag, so that it is no difference from a missing one. */
const textOf = (value: unknown): string => (value === undefined || value === false ? 'missing' : JSON.stringify(value));
