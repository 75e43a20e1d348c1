import { fail } from '@polytask/core';

/** Bytes that come in pieces as text; a character may be cut in two by a piece's end. Texts pass as they are. */
export async function* decodeText(
  source: AsyncIterable<Uint8Array | string>,
  encoding: string,
  name: string,
): AsyncGenerator<string, void, undefined> {
  const decoder = decoderOf(encoding);
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      return fail({
        expected: `${encoding} text in ${name}`,
        received: 'bytes that are none',
        mend:
          encoding === 'utf-8'
            ? "Pass encoding: 'latin1', for instance, or compression where it is packed."
            : 'Pass its encoding.',
      });
    }
  };
  for await (const piece of source) yield typeof piece === 'string' ? piece : decode(piece);
  yield decode(undefined);
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    return fail({
      expected: 'an encoding that TextDecoder knows',
      received: JSON.stringify(encoding),
      mend: "Pass encoding: 'utf-8' or 'latin1'.",
    });
  }
}
