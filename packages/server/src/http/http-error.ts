import type { RowFault } from '@polytask/core';

/** The faults of a request's rows that an answer lists at most. */
export const MAX_FAULTS = 20;

/** An error whose message is for the client, with the status of the answer. */
export class HttpError extends Error {
  override readonly name: string = 'HttpError';

  constructor(
    readonly statusCode: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Status 400: rows that don't fit the model's features. */
export class BadRows extends HttpError {
  override readonly name = 'BadRows';
  readonly faults: readonly { row: number; column: string | null; message: string }[];

  constructor(faults: readonly RowFault[]) {
    const rows = new Set(faults.map(({ row }) => row)).size;
    const found = faults.length < MAX_FAULTS ? `${rows} of the rows` : `At least ${rows} of the rows`;
    super(400, `${found} can't be predicted: correct what faults lists, and send the request again.`);
    this.faults = [...faults]
      .sort((a, b) => a.row - b.row)
      .map(({ row, feature = null, error }) => ({ row, column: feature, message: error.message }));
  }
}
