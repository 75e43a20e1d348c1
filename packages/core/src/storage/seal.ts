import { fail, isObject, parseJson, PolytaskError } from '@polytask/components';
import { newSha256 } from '#sha256';

/** The sha256 of the parts of a file, in lower-case hex. @example (await sha256Of([new TextEncoder().encode('abc')])).slice(0, 8) // 'ba7816bf' */
export async function sha256Of(parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
  const hash = newSha256();
  for await (const part of parts) hash.update(part);
  return hash.digest();
}

/** The place of a digest that isn't known yet, as long as a sha256 in hex. */
export const BLANK = '0'.repeat(64);

const SEAL = 'sha256';

const digestOf = (text: string): Promise<string> => sha256Of([new TextEncoder().encode(text)]);

function replaceLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from);
  return text.slice(0, at) + to + text.slice(at + from.length);
}

/** Writes the sha256 of a text over its last {@link BLANK}. */
export const sealText = async (blank: string): Promise<string> => replaceLast(blank, BLANK, await digestOf(blank));

/** Whether a text is as {@link sealText} wrote it. @param digest the digest that the text states */
export const isWhole = async (text: string, digest: string): Promise<boolean> =>
  text.includes(digest) && (await digestOf(replaceLast(text, digest, BLANK))) === digest;

/** The sha256 of plain data as JSON. The order of keys doesn't matter. */
export const contentDigest = (value: unknown): Promise<string> => digestOf(JSON.stringify(value, sortedKeys));

const sortedKeys = (_: string, value: unknown): unknown =>
  isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/**
 * A document as JSON that ends with the key `sha256`: the digest of the text, with 64 zeros in its place. So a reader notices every changed
 * byte.
 *
 * @example await writeSealed({ seed: 7 }) // '{"seed":7,"sha256":"…"}'
 */
export const writeSealed = (document: object, indent?: number): Promise<string> =>
  sealText(JSON.stringify({ ...document, [SEAL]: BLANK }, null, indent));

/**
 * Reads a document that {@link writeSealed} wrote, or one without `sha256`: the caller must refuse unknown keys, among which a damaged
 * `sha256` would be.
 *
 * @throws PolytaskError for text that is no JSON object, and for a document that was changed after it was written
 * @example (await readSealed(await writeSealed({ seed: 7 }), 'a seed as JSON', 'Write it again.')).seed // 7
 */
export async function readSealed(
  content: string | Uint8Array,
  what: string,
  fix: string,
): Promise<Record<string, unknown>> {
  const value = parseJson(content, what, fix);
  if (!isObject(value)) fail({ expected: what, received: 'no object', fix });
  const { [SEAL]: digest, ...document } = value;
  const text = (typeof content === 'string' ? content : new TextDecoder().decode(content)).trim(); // a line's end is no part of it
  if (digest === undefined || (typeof digest === 'string' && (await isWhole(text, digest)))) return document;
  throw new PolytaskError(
    `Expected ${what}, received one that was changed after it was written: its sha256 differs from the one that it states. ${fix}`,
  );
}
