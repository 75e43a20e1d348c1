import { PolytaskError } from '@polytask/core';
import { serve } from '@polytask/server';
import type { FaultFormat } from '../format.ts';
import { newModel, rows } from './models.ts';
import { jsonBytes } from './temporary-files.ts';

/** The body of a request to a service: it answers with finite predictions, or says what the client can fix. */
export const requestBody: FaultFormat = {
  name: 'request body',
  sealed: false,
  example: () => Promise.resolve({ 'body.json': jsonBytes({ rows: rows.slice(0, 5) }) }),
  async load(files) {
    const model = newModel();
    const { url, close } = await serve(model, { port: 0 });
    try {
      const headers = { 'content-type': 'application/json' };
      const body = files['body.json'] as Uint8Array<ArrayBuffer>;
      const response = await fetch(`${url}/predict`, { method: 'POST', headers, body });
      const text = await response.text();
      if (response.status >= 400 && response.status < 500) throw new PolytaskError(text);
      if (!response.ok || text.includes('null')) throw new Error(`${response.status} ${text}`);
      return text;
    } finally {
      await close();
      model.dispose();
    }
  },
};
