export { defineConfig, type KivyxConfig } from './config.ts';
