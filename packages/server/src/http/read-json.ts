import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

const JSON_TYPE = 'application/json';

/**
 * Reads the body of a request as JSON.
 *
 * @throws HttpError for another type of content (415), for a body that is too large (413), and for one that is no JSON (400)
 * @throws Error when the connection breaks
 */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const { 'content-type': type = 'none', 'content-length': length = '0' } = request.headers;
  if (type.split(';')[0]!.trim().toLowerCase() !== JSON_TYPE)
    throw new HttpError(415, `Expected a body of the content type ${JSON_TYPE}, received ${type}.`);
  if (Number(length) > maxBytes) throw tooLarge(maxBytes);
  const bytes = await readBytes(request, maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch (error) {
    throw new HttpError(400, `Expected a body of JSON in UTF-8: ${(error as Error).message}.`);
  }
}

const readBytes = (request: IncomingMessage, most: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else reject(tooLarge(most)); // what still comes is dropped, until the answer ends the connection
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The connection broke.')));
  });

const tooLarge = (most: number): HttpError =>
  new HttpError(413, `Expected a body of at most ${most} bytes. Divide the rows among requests.`);
