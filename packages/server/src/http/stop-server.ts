import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** Stops a server when told to. Make it before the server listens. */
export interface Stopper {
  /**
   * Waits until the requests under way are answered, at most `graceMs`, and then cuts all connections. Don't let the server accept
   * more before you call it.
   */
  drain(graceMs: number): Promise<void>;
}

/** Counts the requests under way, to stop the server after the last of them. */
export function stopper(server: Server): Stopper {
  const underWay = new Set<ServerResponse>();
  let onIdle: (() => void) | undefined;
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    underWay.add(response);
    if (onIdle) response.setHeader('connection', 'close');
    response.once('close', () => {
      underWay.delete(response);
      if (underWay.size === 0) onIdle?.();
    });
  });
  return {
    async drain(graceMs) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
        for (const response of underWay) if (!response.headersSent) response.setHeader('connection', 'close');
        if (underWay.size === 0) onIdle();
      });
      server.closeAllConnections(); // those that never sent a request, and what is too slow
    },
  };
}
