/**
 * The thread behind `startRegistry`: what npm asks of a registry, on a free port of this machine. It posts the port.
 *
 * A published package is a document with its versions, as npm sends and reads it, and its tarballs. All other packages are redirected to
 * the registry that npm is configured for. Ours come from nowhere else, so that a published release can't hide a fault of this one.
 */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { parentPort, workerData } from 'node:worker_threads';

/** @typedef {{ versions: Record<string, { dist: { tarball: string } }>, 'dist-tags': Record<string, string> }} Document */

/** @type {{ upstream: string }} */
const { upstream } = workerData;
const OWN = /^(polytask|create-polytask|@polytask\/[^/]+)$/;

/** @type {Map<string, Document>} */
const documents = new Map();
/** The tarballs, by path. @type {Map<string, Buffer>} */
const tarballs = new Map();

const server = createServer(async (request, response) => {
  const path = request.url ?? '/';
  /** @param {number} status @param {unknown} body */
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  const name = decodeURIComponent(path.slice(1).split('/-/')[0] ?? '');
  if (!OWN.test(name)) {
    if (path.startsWith('/-/')) return answer(404, { error: 'not here' }); // audits, and the like
    return response.writeHead(302, { location: new URL(path.slice(1), upstream).href }).end();
  }
  if (request.method === 'PUT') {
    const { _attachments, ...sent } = JSON.parse((await buffer(request)).toString());
    const before = documents.get(name);
    for (const [file, { data }] of Object.entries(_attachments))
      tarballs.set(`/${name}/-/${file}`, Buffer.from(data, 'base64'));
    for (const version of Object.values(sent.versions)) {
      const file = new URL(version.dist.tarball).pathname;
      version.dist.tarball = `http://${request.headers.host}${decodeURIComponent(file)}`;
    }
    documents.set(name, {
      ...sent,
      versions: { ...before?.versions, ...sent.versions },
      'dist-tags': { ...before?.['dist-tags'], ...sent['dist-tags'] },
    });
    return answer(201, { ok: true });
  }
  const tarball = tarballs.get(decodeURIComponent(path));
  if (tarball) return response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(tarball);
  const document = path.includes('/-/') ? undefined : documents.get(name);
  return document ? answer(200, document) : answer(404, { error: `${name} isn't published here` });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  parentPort?.postMessage(typeof address === 'object' && address?.port);
});
