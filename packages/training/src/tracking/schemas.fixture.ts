import protobuf from 'protobufjs';

// What TensorBoard and MLflow say about their formats. Fields that Polytask doesn't write are left out.

/** From tensorboard/compat/proto/event.proto and summary.proto of TensorBoard (Apache License 2.0). */
const TENSORBOARD = `
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what {
      string file_version = 3;
      Summary summary = 5;
    }
  }
  message Summary {
    message Value {
      string tag = 1;
      oneof value { float simple_value = 2; }
    }
    repeated Value value = 1;
  }`;

export interface TensorBoardEvent {
  readonly wallTime: number;
  readonly step?: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly { readonly tag: string; readonly simpleValue: number }[] };
}

/** Reads the message of a record. */
export function readEvent(message: Uint8Array): TensorBoardEvent {
  const type = protobuf.parse(TENSORBOARD).root.lookupType('Event');
  return type.toObject(type.decode(message), { longs: Number }) as TensorBoardEvent;
}

/** From mlflow/protos/service.proto of MLflow (Apache License 2.0), by which its server reads the JSON of a request. */
const MLFLOW = `
  syntax = "proto2";
  enum RunStatus { RUNNING = 1; SCHEDULED = 2; FINISHED = 3; FAILED = 4; KILLED = 5; }
  message Metric {
    optional string key = 1;
    optional double value = 2;
    optional int64 timestamp = 3;
    optional int64 step = 4 [default = 0];
  }
  message Param { optional string key = 1; optional string value = 2; }
  message SearchExperiments { optional int64 max_results = 1; optional string filter = 3; }
  message CreateExperiment { optional string name = 1; }
  message CreateRun { optional string experiment_id = 1; optional string run_name = 3; optional int64 start_time = 7; }
  message LogBatch { optional string run_id = 1; repeated Metric metrics = 2; repeated Param params = 3; }
  message UpdateRun { optional string run_id = 4; optional RunStatus status = 2; optional int64 end_time = 3; }`;

/** The message of each endpoint, as the service of the same file has it. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  'experiments/search': 'SearchExperiments',
  'experiments/create': 'CreateExperiment',
  'runs/create': 'CreateRun',
  'runs/log-batch': 'LogBatch',
  'runs/update': 'UpdateRun',
};

/** What MLflow understands of a request: a field of another name, or of another type, isn't in it, or is another value. */
export function readByMlflow(endpoint: string, body: Readonly<Record<string, unknown>>): unknown {
  const type = protobuf.parse(MLFLOW, { keepCase: true }).root.lookupType(ENDPOINTS[endpoint]!);
  return type.toObject(type.fromObject(body), { longs: Number, enums: String });
}
