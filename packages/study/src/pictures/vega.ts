// The build puts Vega into this file, which is all that users install of it and of the sixty packages that it depends on.
export { parse, View } from 'vega';
export { compile } from 'vega-lite';
