export * from './browser.ts';
export * from '@polytask/server'; // needs Node: pages get browser.ts
