/** `104 MB` */
export const megabytes = (bytes: number): string =>
  bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${Math.round(bytes / 1e6)} MB`;

/**
 * What a storage that refuses means for a visitor, in a sentence or two.
 *
 * @param what was to be kept, such as `This comparison`
 */
export function storageFault(error: unknown, what: string): string {
  const name = error instanceof Error || error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError')
    return `${what} is not kept: this browser's storage is full. Delete a comparison below. Until you leave, the page works on.`;
  return (
    `${what} is not kept: this browser lets the page store nothing, as in a private window` +
    `${name === '' ? '' : ` (${name})`}. Until you reload or leave, the page works on.`
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
