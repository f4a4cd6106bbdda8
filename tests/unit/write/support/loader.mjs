/** Lets a child process of a test run TypeScript from src/: `node --import ./loader.mjs child.ts`. */
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
