import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { explainRows, permutation, PolytaskError, randomStream, type Batch, type MultiTaskModel } from '@polytask/core';
import { explainerOf } from '@polytask/core/internal';
import { encode, modelId, readProfile, readRows, type RowFormat } from '@polytask/data';
import { openPredictor, type Predictor } from '@polytask/serving';
import { type ModelSource, openModel } from '../open-model.ts';
import { type ServedModel, servedModel } from './served-model.ts';
import type { ServiceLimits } from './serve-options.ts';

/** The files of a model's folder: one of them changes when a model takes the place of another one. */
const FILES = ['model.json', 'weights.safetensors', 'dataset.json', 'profile.json'];

/** The place of a served model. Another model takes it while requests are under way: they end with the model that they began with. */
export class ModelSlot {
  onBatch: (rows: number) => void = () => {};
  /** How often a replaced folder was loaded, and how often it couldn't be. */
  readonly reloads = { done: 0, failed: 0 };
  readonly #limits: ServiceLimits;
  #source: ModelSource | undefined;
  current!: ServedModel;
  #turn: Promise<unknown> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  /** @param predictor of a model that stays, or none for a slot that {@link open} fills */
  constructor(limits: ServiceLimits, predictor?: Predictor) {
    this.#limits = limits;
    if (predictor) this.current = servedModel(predictor, limits, { onBatch: (rows) => this.onBatch(rows) });
  }

  /** Opens a model, and looks from then on whether its folder is replaced. */
  static async open(source: ModelSource, limits: ServiceLimits): Promise<ModelSlot> {
    const slot = new ModelSlot(limits);
    slot.#source = source;
    const marker = typeof source === 'string' ? await markerOf(source) : '';
    slot.current = await slot.#load();
    if (typeof source === 'string' && limits.reloadMs > 0) slot.#look(source, marker);
    return slot;
  }

  /** Loads the folder again. Meanwhile, and if it doesn't open, the model of before answers. */
  reload(): Promise<void> {
    const reloaded = this.#turn.then(async () => {
      if (typeof this.#source !== 'string') return;
      try {
        const before = this.current;
        this.current = await this.#load();
        this.reloads.done++;
        void before.retire().catch(this.#limits.onError);
        this.#limits.onReload(this.current.id!, this.#source);
      } catch (error) {
        this.reloads.failed++;
        const { message } = error as Error;
        const what = `The folder ${this.#source} was replaced, and the earlier model goes on answering`;
        throw new PolytaskError(`${what}, because the new one can't be loaded. ${message}`, { cause: error });
      }
    });
    this.#turn = reloaded.catch(() => {});
    return reloaded;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#turn;
    await this.current.retire();
  }

  /** Reloads a folder whose files have changed, and then stayed the same for one interval. */
  #look(folder: string, loaded: string): void {
    let [latest, known, looking] = [loaded, loaded, false];
    const look = async () => {
      const marker = await markerOf(folder);
      const isStill = marker === latest;
      latest = marker;
      if (!isStill || marker === known) return;
      known = marker; // a folder that doesn't open is tried again when it changes
      await this.reload();
    };
    this.#timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void look()
        .catch(this.#limits.onError)
        .finally(() => (looking = false));
    }, this.#limits.reloadMs).unref();
  }

  async #load(): Promise<ServedModel> {
    const source = this.#source!;
    const { runtime, precision } = this.#limits;
    const isFolder = typeof source === 'string';
    const id = isFolder ? await modelId(source).catch(() => undefined) : undefined; // openModel says what is missing
    const { model, rows, dispose } = await openModel(source);
    let predictor: Predictor | undefined;
    const free = async () => {
      await predictor?.dispose();
      dispose();
    };
    try {
      predictor = await openPredictor(model, { runtime, precision });
      if (isFolder && (await modelId(source)) !== id) {
        await free(); // it was replaced meanwhile
        return await this.#load();
      }
      const profile = isFolder ? await readProfile(source, id) : undefined;
      const onBatch = (size: number) => this.onBatch(size);
      const explain = await explainerFor(model as MultiTaskModel, rows, this.#limits.background);
      return servedModel(predictor, this.#limits, { id, profile, rows, free, onBatch, explain });
    } catch (error) {
      await free();
      throw error;
    }
  }
}

/** The background rows that a service keeps. */
const BACKGROUND_ROWS = 100;

/** Explains rows of a model. Undefined for a network without a file of background rows. */
async function explainerFor(model: MultiTaskModel, format: RowFormat, file: string | undefined) {
  if (file === undefined && !explainerOf(model)) return undefined;
  const all = file === undefined ? undefined : encode(await readRows(file, format), model.schema);
  const background = all?.batch(permutation(randomStream(0, 'background'), all.size).slice(0, BACKGROUND_ROWS));
  return (batch: Batch) => explainRows(model, batch, { background });
}

/** Changes when a file of a folder does, or when another folder takes its place. */
async function markerOf(folder: string): Promise<string> {
  const files = FILES.map(async (name) => {
    const found = await stat(join(folder, name)).catch(() => undefined);
    return found ? [found.ino, found.size, found.mtimeMs].join() : '-';
  });
  return (await Promise.all(files)).join(' ');
}
