import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { test, expect } from 'vitest';
import { multiTaskModel, denseSchema, binary, type MultiTaskModel } from '@polytask/core';
import { mlp } from '@polytask/experts';
import { adatt, adattSp } from '@polytask/adatt';
import { ple, mmoe, crossStitch, sharedBottom } from '@polytask/baselines';
const dir = '/work/shared/reference/';
function st(file: string) {
  const b = readFileSync(file); const n = Number(b.readBigUInt64LE(0)); const h = JSON.parse(b.subarray(8, 8+n).toString());
  const out: any = {};
  for (const [k, v] of Object.entries<any>(h)) if (k !== '__metadata__') { const s = b.subarray(8+n+v.data_offsets[0], 8+n+v.data_offsets[1]); out[k] = { shape: v.shape, data: new Float32Array(new Uint8Array(s).buffer) }; }
  return out;
}
for (const name of ['adatt-shared','adatt-shared-uneven','adatt-shared-unit-residual','adatt-sp-no-residual','adatt-sp-one-expert','adatt-sp-two-experts','cgc','cross-stitch','mmoe','mmoe-multi-level','ple','ple-uneven','shared-bottom'])
test(name, () => {
  const c = JSON.parse(readFileSync(dir + name + '.json', 'utf8')); const t = st(dir + name + '.safetensors');
  const tasks = Object.fromEntries(Array.from({ length: c.num_tasks }, (_, i) => ['t' + i, binary()]));
  const L = c.expert_out_dims.map((d: number[]) => ({ experts: mlp(d), perTask: c.num_task_experts, shared: c.num_shared_experts, pool: c.num_shared_experts }));
  const network = ({ att_sp: () => adattSp({ levels: L.map(({shared, ...r}: any) => r), residual: c.self_exp_res_connect }), att_g: () => adatt({ levels: L, residual: c.self_exp_res_connect }), ple: () => ple({ levels: L }), mmoe: () => mmoe({ levels: L }), cross_st: () => crossStitch({ levels: L }), share_bottom: () => sharedBottom({ levels: L }) } as any)[c.model]();
  const model = multiTaskModel({ schema: denseSchema(c.input_dim, tasks), network, tower: mlp(c.task_mlp), seed: 1 }) as MultiTaskModel<any>;
  console.log(name, model.store.all().map(p => `${p.name}[${p.variable.shape}]`).join(' '), model.parameterCount);
  // copy
  const tr = (x: any) => tf.tidy(() => tf.tensor2d(x.data, x.shape).transpose());
  const P = (k: string) => t['param.' + k];
  c.expert_out_dims.forEach((dims: number[], l: number) => {
    dims.forEach((_: number, d: number) => {
      const K: any[] = [], B: any[] = []; let e = 0;
      while (true) { const p = c.model === 'share_bottom' ? (e === 0 ? P(`mtl_arch.bottom_projection.mlp_net.${2*(l)}.weight`) && `mtl_arch.bottom_projection.mlp_net.${2*l}` : '') : `mtl_arch.experts.${l}.${e}.mlp_net.${2*d}`; if (!p || !P(p + '.weight')) break; K.push(tr(P(p + '.weight'))); B.push(tf.tensor2d(P(p+'.bias').data,[1,P(p+'.bias').shape[0]])); e++; }
      model.store.get(`levels.${l}.experts.${d}.kernel`).variable.assign(tf.stack(K)); model.store.get(`levels.${l}.experts.${d}.bias`).variable.assign(tf.stack(B));
    });
    const level = model.network.levels[l]!;
    if (c.model === 'cross_st') { model.store.get(`levels.${l}.gates.weights`).variable.assign(tf.tensor(P(`mtl_arch.stitchs.${l}.weight`).data, [c.num_tasks, 1, c.num_tasks])); return; }
    if (c.model === 'share_bottom') return;
    const g0 = model.store.has(`levels.${l}.gates.kernel`) ? `levels.${l}.gates` : `levels.${l}.gates.0`;
    const kern = model.store.get(g0 + '.kernel').variable, bias = model.store.get(g0 + '.bias').variable;
    const [U, D, E] = kern.shape as number[]; const kd = new Float32Array(U!*D!*E!), bd = new Float32Array(U!*E!);
    level.outputs.forEach((u, ui) => { const w = P(c.model === 'mmoe' ? `mtl_arch.gates.${l}.${ui}.1.weight` : `mtl_arch.gate_weights.${l}.${ui}.0.weight`), b = P(c.model === 'mmoe' ? `mtl_arch.gates.${l}.${ui}.1.bias` : `mtl_arch.gate_weights.${l}.${ui}.0.bias`);
      const vis = level.experts.map((x, i) => i).filter(i => c.model !== 'ple' || u === 'shared' || level.experts[i]!.unit === u || level.experts[i]!.unit === 'shared');
      vis.forEach((e, j) => { for (let d = 0; d < D!; d++) kd[(ui*D!+d)*E!+e] = w.data[j*D!+d]; bd[ui*E!+e] = b.data[j]; }); });
    kern.assign(tf.tensor(kd, kern.shape)); bias.assign(tf.tensor(bd, bias.shape));
    if (model.store.has(`levels.${l}.gates.1.weights`)) { const v = model.store.get(`levels.${l}.gates.1.weights`).variable; const vd = new Float32Array(v.size);
      level.outputs.forEach((u, ui) => { const sp = c.model === 'att_sp' ? P(`mtl_arch.self_exp_weights.${l}`) : P(`mtl_arch.self_exp_weights.${ui}`); const m = sp.shape[1]; const row = c.model === 'att_sp' ? ui : l; level.experts.forEach((x, e) => { if (x.unit === u) vd[ui*E!+e] = sp.data[row*m + x.index]; }); });
      v.assign(tf.tensor(vd, v.shape)); }
  });
  const tw = (p: string) => Array.from({ length: c.num_tasks }, (_, i) => P(`task_modules.${i}.${p}`));
  c.task_mlp.forEach((_: number, d: number) => { model.store.get(`towers.${d}.kernel`).variable.assign(tf.stack(tw(`0.mlp_net.${2*d}.weight`).map(tr))); model.store.get(`towers.${d}.bias`).variable.assign(tf.stack(tw(`0.mlp_net.${2*d}.bias`).map((x: any) => tf.tensor2d(x.data, [1, x.shape[0]])))); });
  model.store.get('heads.kernel').variable.assign(tf.stack(tw('1.weight').map(tr))); model.store.get('heads.bias').variable.assign(tf.stack(tw('1.bias').map((x: any) => tf.tensor2d(x.data, [1, 1]))));
  const n = t.input.shape[0]; const lab = Object.fromEntries(Object.keys(tasks).map((k, i) => [k, tf.tensor1d(Array.from({ length: n }, (_, r) => t.labels.data[r*c.num_tasks+i]))]));
  const w = Object.fromEntries(Object.keys(tasks).map(k => [k, tf.ones([n])]));
  const batch: any = { numeric: tf.tensor2d(t.input.data, t.input.shape), ids: tf.zeros([n, 0], 'int32'), bagIds: tf.zeros([n,0],'int32'), bagWeights: tf.zeros([n,0]), labels: lab, weights: w };
  const f = model.forward(batch);
  const got = tf.concat(Object.keys(tasks).map(k => f.logits[k]!), 1).dataSync();
  let err = 0; got.forEach((v, i) => { err = Math.max(err, Math.abs(v - t.logits.data[i])); });
  const { grads } = tf.variableGrads(() => model.losses(batch, { training: true }).total, model.store.trainable().map(p => p.variable));
  const g = grads[model.store.get('levels.0.experts.0.kernel').variable.name]!;
  const gr = P(c.model === 'share_bottom' ? 'mtl_arch.bottom_projection.mlp_net.0.weight' : 'mtl_arch.experts.0.0.mlp_net.0.weight') && t['grad.' + (c.model === 'share_bottom' ? 'mtl_arch.bottom_projection.mlp_net.0.weight' : 'mtl_arch.experts.0.0.mlp_net.0.weight')];
  const gg = tr(gr).dataSync(); const g0 = (tf.slice(g, [0,0,0],[1,-1,-1]) as any).dataSync(); let ge = 0; gg.forEach((v: number, i: number) => { ge = Math.max(ge, Math.abs(v - g0[i])); });
  console.log(name, 'logit err', err, 'grad err', ge);
  expect(err).toBeLessThan(2e-6); expect(ge).toBeLessThan(1e-6);
});
