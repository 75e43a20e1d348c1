import { mapValues, PolytaskError } from '@polytask/components';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {
  load,
  save,
  readParameters,
  writeParameters,
  type MultiTaskModel,
  type NamedTensor,
  type Row,
} from '@polytask/core';
import { CompileError } from '@polytask/compile';
import * as server from '@polytask/server';
import { predictionsOverHttp } from '@polytask/testing/internal';
import { calibrate, type EngineChoice } from '@polytask/training';
import { withModel } from '../formats/models.ts';
import { inDirectory, textOf } from '../formats/temporary-files.ts';
import { type Configuration, drawConfiguration } from './draw/configuration.ts';
import { rowsOf, type Rows } from './data/cells.ts';
import { judgeTraining, type Repeat, differenceOf, notFinite, type Numbers } from './judge/judge-training.ts';
import { type OnnxScorer, predictionsAsOnnx, predictionsOf } from './run/deployed.ts';
import { hasEpsilon, modelOf, move, train, type Trained, type TrainVariant } from './run/train.ts';
import type { DrawPlace } from './draw/dice.ts';

/** A configuration that was checked, or couldn't be drawn. */
export interface Checked {
  readonly place?: DrawPlace;
  readonly configuration?: Configuration;
  readonly outcome: Outcome;
}

/** The most attempts at a configuration. Each is another draw around the same architecture. */
const ATTEMPTS = 8;

/** Checks a configuration. While components refuse one another, it is drawn again. @returns all attempts */
export async function* checkDrawn(seed: number, number: number, tools: CheckTools): AsyncGenerator<Checked> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const place = { seed, number, attempt };
    const checked = await check(() => drawConfiguration(place), tools);
    yield { place, ...checked };
    if (checked.outcome.kind !== 'refused') return;
  }
}

export interface CheckTools {
  readonly reference: EngineChoice;
  readonly compared: EngineChoice;
  readonly scorer: OnnxScorer;
}

export type Stage = 'drawing' | 'rows' | 'training' | 'calibration' | 'saving' | 'HTTP' | 'ONNX';

export interface Outcome {
  /** Amplified: trainings differ, and so do those of the reference from starts that differ by rounding. */
  readonly kind: 'agree' | 'amplified' | 'refused' | 'fault';
  readonly stage?: Stage;
  readonly text: string;
}

/** The largest difference of a prediction elsewhere, of the largest number of its task. */
const TOLERANCE = 1e-5;

/** A share by which parameters are moved: as much as a few roundings of float32 in a row. */
const MOVED = 2 ** -17;

/** The most parameters, each a tensor, of a model that is checked. Experts within experts of scenarios have thousands, and compile for minutes. */
const MOST_PARAMETERS = 600;

/** Trains a configuration on both engines, saves, loads, serves and exports the model, and compares all predictions. */
export async function check(draw: () => Configuration, tools: CheckTools): Promise<Checked> {
  let configuration: Configuration | undefined;
  const progress: { stage: Stage } = { stage: 'drawing' };
  try {
    const drawn = (configuration = draw());
    progress.stage = 'rows';
    const rows = rowsOf(drawn);
    progress.stage = 'training';
    const outcome = await withModel(modelOf(drawn, rows), (model) => compared(model, drawn, rows, tools, progress));
    return { configuration, outcome };
  } catch (error) {
    const kind = isRefusal(error) ? 'refused' : 'fault';
    return { ...(configuration && { configuration }), outcome: { kind, ...progress, text: messageOf(error) } };
  }
}

/** @param model a new one, which is trained with the compared engine */
async function compared(
  model: MultiTaskModel,
  configuration: Configuration,
  rows: Rows,
  tools: CheckTools,
  progress: { stage: Stage },
): Promise<Outcome> {
  if (model.store.all().length > MOST_PARAMETERS)
    return { kind: 'refused', stage: 'drawing', text: `More than ${MOST_PARAMETERS} parameters.` };
  const repeated = (engine: EngineChoice, variant?: TrainVariant) =>
    withModel(modelOf(configuration, rows), (own) => train(own, engine, configuration, rows, variant));
  const repeat: Repeat = (engine, variant) =>
    engine === 'elsewhere'
      ? onOtherBackend(() => repeated(tools.reference, variant))
      : repeated(tools[engine], variant);
  const asError = (error: unknown) => error as Error;
  const expected = await repeated(tools.reference).catch(asError);
  const seen = await train(model, tools.compared, configuration, rows).catch(asError);
  if (expected instanceof Error || seen instanceof Error) return bothRefuse(expected, seen);
  const [strange, other] = [notFinite(expected.predictions), notFinite(seen.predictions)];
  if (strange ?? other) {
    const isSame = (strange === undefined) === (other === undefined);
    return { kind: isSame ? 'refused' : 'fault', stage: 'training', text: `${strange}; compared: ${other}` };
  }
  const { fit, calibrate: choices } = configuration;
  const { verdict, text } = await judgeTraining(expected, seen, repeat, { hasEpsilon: hasEpsilon(fit.optimizer) });
  if (verdict === 'fault') return { kind: 'fault', stage: 'training', text };
  progress.stage = 'calibration';
  if (choices) await calibrate(model, rows.train, { ...choices, engine: tools.compared });
  return (await deployed(model, rows, tools.scorer, progress)) ?? { kind: verdict, text };
}

async function onOtherBackend<R>(run: () => Promise<R>): Promise<R> {
  const backend = tf.getBackend();
  await tf.setBackend(backend === 'wasm' ? 'cpu' : 'wasm');
  try {
    return await run();
  } finally {
    await tf.setBackend(backend);
  }
}

/** How much larger a difference may be than that of one draw of moved parameters. */
const AMPLIFIED = 2;

const deployed = (
  model: MultiTaskModel,
  { further }: Rows,
  scorer: OnnxScorer,
  progress: { stage: Stage },
): Promise<Outcome | undefined> =>
  inDirectory({}, async (directory) => {
    const wanted = predictionsOf(model, further);
    const folder = join(directory, 'model');
    progress.stage = 'saving';
    await save(model, folder);
    const loaded = await withModel(await load(folder), (model) => predictionsOf(model, further));
    if (textOf(loaded) !== textOf(wanted))
      return { kind: 'fault', stage: 'saving', text: differenceOf(wanted, loaded).where || 'the sign of a 0' };
    const places = {
      HTTP: async () => (await predictionsOverHttp(server, folder, model.schema.tasks, further)).predictions,
      ONNX: () => predictionsAsOnnx(model, join(directory, 'model.onnx'), further, scorer),
    };
    for (const stage of ['HTTP', 'ONNX'] as const) {
      progress.stage = stage;
      const seen = await places[stage]();
      for (const [task, values] of Object.entries(wanted)) {
        const { share, where } = differenceOf({ [task]: values }, { [task]: seen[task] ?? [] });
        if (share <= TOLERANCE) continue;
        const moved = differenceOf({ [task]: values }, { [task]: (await movedPredictions(model, further))[task]! });
        if (share <= AMPLIFIED * moved.share) continue; // an exponential, say, or a steep calibration
        const text = `${where}, a difference of ${share.toExponential(1)}; moved parameters: ${moved.share.toExponential(1)}`;
        return { kind: 'fault', stage, text };
      }
    }
    return undefined;
  });

/** The predictions of the model after its parameters were moved by rounding. The parameters are then as they were. */
async function movedPredictions(model: MultiTaskModel, rows: readonly Row[]): Promise<Numbers> {
  const before = mapValues(await readParameters(model.store), (tensor) => ({ ...tensor, data: tensor.data.slice() }));
  await move(model, MOVED);
  const predictions = predictionsOf(model, rows);
  writeParameters(model.store, before as Record<string, NamedTensor>, 'the parameters of before');
  return predictions;
}

/** Whether a part said that it doesn't take the others. Any other error is a fault. */
const isRefusal = (error: unknown): boolean => error instanceof PolytaskError || error instanceof CompileError;

/** Trainings of which one or both end with an error. Only a compiler may refuse alone. */
function bothRefuse(expected: Trained | Error, seen: Trained | Error): Outcome {
  const [one, other] = [expected, seen].map((each) => (each instanceof Error ? each : undefined));
  const isSame = one !== undefined && other !== undefined && withoutNumbers(one) === withoutNumbers(other);
  const isCompilers = one === undefined && other instanceof CompileError;
  const isRefused = (isSame && isRefusal(one)) || isCompilers;
  const texts = isSame || isCompilers ? [other!] : [one, other];
  const text = texts.map((each) => (each ? messageOf(each) : 'no error')).join('; compared: ');
  return { kind: isRefused ? 'refused' : 'fault', stage: 'training', text };
}

/** An error's message. Engines round the numbers in it differently. */
const withoutNumbers = ({ message }: Error): string => message.replace(/-?\d[\d.e+-]*/g, '…');

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.constructor.name}: ${error.message}` : String(error);
