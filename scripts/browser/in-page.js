import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { takeCalls } from './calls.js';
import * as program from './program.js';

setWasmPaths('/');
takeCalls(program);
