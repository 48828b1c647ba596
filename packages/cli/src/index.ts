export { defineConfig, type KivyxConfig } from './kivyx-config.ts';
