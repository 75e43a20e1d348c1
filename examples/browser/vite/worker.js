import { adatt } from '@polytask/adatt';
import { multiTaskModel } from '@polytask/core';
import { syntheticTasks } from '@polytask/data';
import { mlp } from '@polytask/experts';
import { adam, evaluate, fit } from '@polytask/training';
import '@tensorflow/tfjs-backend-cpu';

/** Trains away from the page, which stays responsive. */
async function trainAndTest() {
  const tasks = syntheticTasks({ tasks: ['click', 'like'], kind: 'binary', correlation: 0.8, seed: 7 });
  const [train, test] = [tasks.sample(2000, 1), tasks.sample(1000, 2)];
  const network = adatt({ levels: [{ experts: mlp([16]), perTask: 2, shared: 1 }] });
  const model = multiTaskModel({ schema: tasks.schema, network, seed: 7 });
  const { engine } = await fit(model, train, { optimizer: adam(3e-3), epochs: 3 });
  const { click } = await evaluate(model, test);
  return { engine, auc: click.auc };
}

// without `await` at the top level: Vite's default format of workers has none
trainAndTest().then(
  (result) => self.postMessage(result),
  ({ message }) => self.postMessage({ error: message }),
);
