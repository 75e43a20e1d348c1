import {readFileSync,writeFileSync,statSync,mkdtempSync,renameSync,rmSync} from 'fs'; import * as z from 'zlib'; import {execSync} from 'child_process'; import path from 'path';
import '@tensorflow/tfjs-backend-cpu';
import {compressedTrials} from './results/published-files.js';
let a=0,b=0;
for (const f of execSync('git ls-files docs | grep results.jsonl.gz$').toString().trim().split('\n')) {
 const d=mkdtempSync('/tmp/w/s-'); writeFileSync(d+'/results.jsonl', z.gunzipSync(readFileSync(f)));
 const text=z.gunzipSync(compressedTrials(d)); writeFileSync(d+'/x',text); execSync('zopfli '+d+'/x'); 
 const n=readFileSync(d+'/x.gz'); const o=statSync(f).size; a+=o; b+=Math.min(o,n.length); if(n.length<o) writeFileSync(f,n); console.log(f,o,n.length); rmSync(d,{recursive:true});
}
console.log(a,b)
