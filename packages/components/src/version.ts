/** The version of this copy of the package; a test holds it against package.json, and `npm run version` writes it. */
export const VERSION = '0.1.0';
