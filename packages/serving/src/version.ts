import manifest from '../package.json' with { type: 'json' };

/** This package's version; it stands in the files that it writes. */
export const VERSION: string = manifest.version;
