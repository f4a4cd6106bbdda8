import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { loadAssets, packageRoot, prebuildAssets } from './assets/load.js';
import { labJsonSchema } from './lab/jsonSchema.js';

/**
 * Last part of `npm run build`, after the compiler: makes what is generated from the code. Loading the assets
 * here also means that a package with a broken manifest is never built.
 */
const assets = await loadAssets();
const schemaFolder = path.join(packageRoot, 'schema');
await mkdir(schemaFolder, { recursive: true });
await writeFile(
  path.join(schemaFolder, 'lab.schema.json'),
  `${JSON.stringify(labJsonSchema(assets), undefined, 2)}\n`,
);
const prebuilt = await prebuildAssets(packageRoot);
await writeFile(prebuilt.file, prebuilt.text);
await chmod(path.join(packageRoot, 'dist', 'cli.js'), 0o755);
