/** An error in the answers or in the folder. The message says what was expected, what was received, and how to fix it. */
export class CreateError extends Error {
  override readonly name = 'CreateError';

  constructor(parts: { expected: string; received: string; fix: string }) {
    super(`Expected ${parts.expected}, received ${parts.received}. ${parts.fix}`);
  }
}

/** The message of a check that fails, for questions that are asked again. Undefined when it passes. */
export function complaintOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof CreateError) return error.message;
    throw error;
  }
}
