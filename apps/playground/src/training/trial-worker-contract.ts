import type { BundleFiles } from '@polytask/core';
import type { DatasetDocument, Description } from '@polytask/data';
import type { DataRequest, EpochMeasures, SuiteData, SuiteRow, Result, TrialEngine, TrialSpec } from '@polytask/study';

/** A table of the visitor: a CSV file and the document that says what its columns are. */
export interface Table {
  /** The name of the data set. */
  readonly name: string;
  readonly file: File;
  readonly document: DatasetDocument;
}

/** What a page has to know of a suite row that a worker opened. */
export type SuiteFacts = Pick<SuiteRow, 'name' | 'description' | 'needsDirectory' | 'defaults'>;

/** What a page has to know of data that a worker opened, to plan trials on it. */
export type DataFacts = Pick<SuiteData, 'tasks' | 'context' | 'config' | 'wholeRows'> & {
  readonly notes: ReturnType<NonNullable<SuiteData['notes']>>;
};

/** Hears of a trial while it runs. The worker waits for each answer, so an answer that is late is a pause. */
export interface TrialWatcher {
  /** @param measures undefined for a trial that is not measured */
  onEpoch(epoch: number, measures: EpochMeasures | undefined): void | Promise<void>;
  onTrained(files: BundleFiles): void;
}

/** What a worker does for the page, one call after the other. All arguments and results can be cloned. */
export interface TrialWorker {
  /** Starts the engine. */
  start(): Promise<TrialEngine>;
  /** Describes a CSV file. @param tasks the columns of the labels; undefined: a guess */
  describe(file: File, tasks: readonly string[] | undefined): Promise<Description>;
  /** Opens a table for the trials to come. @throws PolytaskError for rows that can't be read */
  open(table: Table): Promise<SuiteFacts>;
  data(request: DataRequest): Promise<DataFacts>;
  /** @param measured whether the watcher receives the measures of each epoch */
  run(spec: TrialSpec, measured: boolean, watcher: TrialWatcher): Promise<Result>;
  /** A saved model as ONNX. */
  onnx(files: BundleFiles): Promise<Uint8Array>;
}
