/** A page can't ask for large pages of memory. */
export const inHugePages = (): boolean => false;
