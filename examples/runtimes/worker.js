/** A worker of Cloudflare that predicts: POST rows as JSON. The bundler puts the files of the model into the script. */
import '@polytask/adatt';
import { load } from '@polytask/core';
import '@polytask/experts';
import '@tensorflow/tfjs-backend-cpu';
import model from './people-model/model.json';
import weights from './people-model/weights.safetensors';

const loading = load({ 'model.json': model, 'weights.safetensors': weights });

export default {
  /** @param {Request} request */
  async fetch(request) {
    if (request.method !== 'POST') return new Response('POST a list of rows as JSON', { status: 405 });
    try {
      const predictions = (await loading).predict(await request.json());
      return Response.json(
        Object.fromEntries(Object.entries(predictions).map(([task, values]) => [task, [...values]])),
      );
    } catch (error) {
      return Response.json({ error: String(error) }, { status: 400 });
    }
  },
};
