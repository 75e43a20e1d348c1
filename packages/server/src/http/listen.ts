import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The addresses of this machine that stand for all of its addresses. */
const ANY: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Lets a server listen. @returns its URL on this machine @throws Error when the port is taken */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  server.listen({ host, port });
  await once(server, 'listening');
  const { address, family, port: chosen } = server.address() as AddressInfo;
  const name = ANY[address] ?? address;
  return `http://${family === 'IPv6' ? `[${name}]` : name}:${chosen}`;
}
