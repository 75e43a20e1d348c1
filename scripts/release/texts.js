/** The peers of a package.json, as text: between its braces. */
const PEERS = /(?<="peerDependencies": \{)[^}]*(?=\})/;
const SIBLING = /("@polytask\/[^"]+": )"[^"]*"/g;

/**
 * Gives the peers that are packages of Polytask another range. The rest of the file stays as it is, byte for byte.
 * @param {string} manifest the text of a package.json @param {string} range
 */
export const withPeerRange = (manifest, range) =>
  manifest.replace(PEERS, (peers) => peers.replace(SIBLING, `$1${JSON.stringify(range)}`));

/** The source of version.ts, or what was built of it, with another version. @param {string} source @param {string} version */
export const withVersion = (source, version) => source.replace(/(?<=VERSION = (['"]))[^'"]*(?=\1)/, version);
