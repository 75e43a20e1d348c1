import { appendBytes, inside } from '#platform';
import { bytesOf, float, unsigned } from '../bytes.ts';
import { finiteOf, type Tracker } from './tracker.ts';

/**
 * Records runs as event files, which `tensorboard --logdir DIR` shows while they grow: a folder for each run, and a scalar for each
 * number. The parameters of a run are a text in its folder, `parameters.jsonl`. Needs Node.
 *
 * @param directory the log directory
 * @example await fit(model, train, { callbacks: trackEpochs(await tensorBoardTracker('logs').start({ name: 'first' })) });
 */
export function tensorBoardTracker(directory: string): Tracker {
  return {
    async start({ name, parameters = {} }) {
      const folder = inside(directory, name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-'));
      const seconds = () => Date.now() / 1000;
      const file = inside(folder, `events.out.tfevents.${Math.floor(seconds())}.polytask`);
      await appendBytes(file, eventRecord({ time: seconds(), version: 'brain.Event:2' }));
      await appendBytes(
        inside(folder, 'parameters.jsonl'),
        new TextEncoder().encode(`${JSON.stringify(parameters)}\n`),
      );
      return {
        log: (step, values) => appendBytes(file, eventRecord({ time: seconds(), step, scalars: finiteOf(values) })),
        end: () => Promise.resolve(), // an event file has no end
      };
    },
  };
}

interface TrackedEvent {
  /** Seconds since 1970. */
  readonly time: number;
  readonly step?: number;
  /** The first event of a file: `brain.Event:2`. */
  readonly version?: string;
  readonly scalars?: readonly (readonly [tag: string, value: number])[];
}

/** A TFRecord of a `tensorflow.Event`: `wall_time` 1, `step` 2, `file_version` 3, `summary` 5 with `value` 1 of `tag` 1, `simple_value` 2. */
function eventRecord({ time, step = 0, version, scalars = [] }: TrackedEvent): Uint8Array {
  const summary = scalars.flatMap(([tag, value]) => field(1, [...field(1, utf8(tag)), 0x15, ...float(value)]));
  const message = [
    0x09,
    ...float64(time),
    0x10,
    ...unsigned(step),
    ...(version === undefined ? [] : field(3, utf8(version))),
    ...(summary.length === 0 ? [] : field(5, summary)),
  ];
  const length = uint64(message.length);
  return Uint8Array.from([...length, ...uint32(maskedCrc(length)), ...message, ...uint32(maskedCrc(message))]);
}

const field = (number: number, bytes: readonly number[]): number[] => [
  (number << 3) | 2,
  ...unsigned(bytes.length),
  ...bytes,
];

const utf8 = (text: string): number[] => Array.from(new TextEncoder().encode(text));

const float64 = (value: number) => bytesOf(8, (view) => view.setFloat64(0, value, true));
const uint32 = (value: number) => bytesOf(4, (view) => view.setUint32(0, value, true));
const uint64 = (value: number) => bytesOf(8, (view) => view.setBigUint64(0, BigInt(value), true));

/** CRC-32C (RFC 3720, appendix B.4): the polynomial 1EDC6F41, reflected. */
export function crc32c(bytes: readonly number[]): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

/** The checksum of a TFRecord: rotated by 15 bits, plus a constant. */
function maskedCrc(bytes: readonly number[]): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
