import { precacheAndRoute } from 'workbox-precaching';

// Keeps all files of the page, so that the page works without a connection once it was loaded.

declare const self: typeof globalThis & {
  /** All files of the page: the build writes the list here. */
  readonly __WB_MANIFEST: Parameters<typeof precacheAndRoute>[0];
};

precacheAndRoute(self.__WB_MANIFEST);
