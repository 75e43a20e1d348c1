/** `104 MB` */
export const megabytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${Math.round(bytes / 1e6)} MB`;

/**
 * What a storage that refuses means for a visitor, in a few sentences.
 *
 * @param what was to be kept, such as `This comparison`
 */
export function storageFault(error: unknown, what: string): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError')
    return (
      `${what} is not kept, because this browser's storage for the page is full. ` +
      'The page works on until you leave. To make room, delete earlier comparisons.'
    );
  return (
    `This browser keeps nothing for the page, as in a private window${name === '' ? '' : ` (${name})`}. ` +
    'The page works on, and a reload begins anew.'
  );
}

/**
 * Whether a file has room.
 *
 * @param estimate as `navigator.storage.estimate()` gives it
 * @returns a sentence if it has none
 */
export function noRoomFor(
  { name, size }: Pick<File, 'name' | 'size'>,
  { quota = Infinity, usage = 0 }: StorageEstimate,
): string | undefined {
  const free = Math.max(0, quota - usage);
  if (size <= free) return undefined;
  return (
    `${name} (${megabytes(size)}) is not kept: this browser has room for ${megabytes(free)}. ` +
    `The page works on; after a reload, choose the file again.`
  );
}
