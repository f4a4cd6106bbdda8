import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadAssets, packageRoot } from '../../../src/assets/load.js';
import type { StepFolderManifest, StepManifest } from '../../../src/assets/manifests.js';
import { libraryOf, shellOf, templatesOf, upperCaseNames, usedFunctions } from './support/shell.js';

/** What every folder of the package must keep to; a new folder is covered by being there. */
const assets = await loadAssets();
const { texts } = assets;
const families = ['apt', 'dnf'] as const;

const groups: Record<string, Record<string, StepFolderManifest>> = {
  runtime: assets.runtimes,
  cni: assets.cnis,
  bootstrap: assets.bootstraps,
  'load-balancer': assets.loadBalancers,
};
const stepFolders: [string, StepFolderManifest][] = [
  ['provision-scripts/base', assets.base],
  ['provision-scripts/kubernetes', assets.kubernetes],
  ...Object.entries(groups).flatMap(([group, folders]) =>
    Object.entries(folders).map(([name, manifest]): [string, StepFolderManifest] => [
      `provision-scripts/${group}/${name}`,
      manifest,
    ]),
  ),
];
const steps = stepFolders.flatMap(([folder, { steps: all }]) =>
  all.map((step): [string, string, StepManifest] => [`${folder}/${step.id}`, folder, step]),
);
/** Steps of the way back: the same rules, but their scripts get no files. */
const resets = stepFolders.flatMap(([folder, { reset = [] }]) =>
  reset.map((step): [string, string, StepManifest] => [
    `${folder}/${step.id}`,
    folder,
    { ...step, phase: 'base', files: [] },
  ]),
);
const filesIn = (folder: string): string[] =>
  Object.keys(texts)
    .filter((file) => file.startsWith(`${folder}/`))
    .map((file) => file.slice(folder.length + 1));
/** The frame of a provisioner uses these, so they are in every one. */
const alwaysThere = ['MACHINE', 'LAB', 'MIRROR'];
/** The frame of a reset's script tells its steps this, too. */
const toldToResets = ['RESET_OF'];

describe.each(stepFolders)('%s', (folder, manifest) => {
  test('holds a script for each step, either one or one for each family, and nothing else', () => {
    const back = (manifest.reset ?? []).map(({ id }) => ({ id, files: [] as string[] }));
    const expected = [...manifest.steps, ...back].flatMap(({ id, files }) => [
      ...(texts[`${folder}/${id}.sh`] === undefined
        ? families.map((family) => `${id}.${family}.sh`)
        : [`${id}.sh`]),
      ...files,
    ]);
    const readme = filesIn(folder).filter((file) => ['readme.md.hbs', 'by-hand.md.hbs'].includes(file));
    expect(filesIn(folder).sort()).toEqual([...new Set([...expected, ...readme])].sort());
  });

  test('gives each of its steps a name of its own, and each file to one purpose', () => {
    const ids = [...manifest.steps, ...(manifest.reset ?? [])].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    const names = [...new Set(manifest.steps.flatMap(({ files }) => files))].map((file) =>
      file.replace(/\.hbs$/, ''),
    );
    expect(names).toEqual([...new Set(names)]);
  });

  test('declares options and conditions that fit each other', () => {
    for (const [name, { type, values, default: preset }] of Object.entries(manifest.options)) {
      const kinds = { string: 'string', integer: 'number', boolean: 'boolean' } as const;
      expect([name, typeof preset]).toEqual([name, kinds[type]]);
      if (values) expect(values).toContain(preset);
      expect(name).toMatch(/^[a-z][A-Za-z0-9]*$/);
    }
    const conditions = [...manifest.steps, ...manifest.sources, ...(manifest.ports ?? [])].flatMap(
      ({ when }) => Object.entries(when ?? {}),
    );
    for (const [option, value] of conditions) {
      // The plan itself adds this one to every form of load balancing.
      if (option === 'vip' && folder.startsWith('provision-scripts/load-balancer/')) continue;
      const declared = manifest.options[option];
      expect([option, declared !== undefined]).toEqual([option, true]);
      if (declared?.values) expect(declared.values).toContain(value);
    }
  });

  test('pins every download', () => {
    for (const source of manifest.sources) {
      expect(source.url).toMatch(/^https:\/\//);
      if (source.kind === 'file') expect(Object.keys(source.sha256 ?? source.sha256Of ?? {})).not.toEqual([]);
      for (const sums of Object.values(source.sha256Of ?? {}))
        expect(Object.keys(sums).sort()).toEqual(['amd64', 'arm64']);
      if (source.kind === 'apt-repository' || source.kind === 'dnf-repository') {
        expect([source.id, source.keyUrl?.startsWith('https://'), source.keyFingerprint?.length]).toEqual([
          source.id,
          true,
          40,
        ]);
      }
    }
  });
});

describe.each([...steps, ...resets])('step %s', (_, folder, step) => {
  test('explains itself in a few words and an https link', () => {
    expect(step.link).toMatch(/^https:\/\//);
    expect(step.title.length).toBeLessThanOrEqual(60);
    expect(step.title).not.toMatch(/[.:]$/);
    expect(step.why.length).toBeGreaterThan(20);
    expect(step.why.length).toBeLessThanOrEqual(400);
    expect(step.why.trim()).toMatch(/[.)?]$/);
  });

  test('uses the constants it declares, and declares those it uses', () => {
    const own = new Set(families.flatMap((family) => upperCaseNames(shellOf(texts, folder, step, family))));
    const inFiles = templatesOf(texts, folder, step).flatMap((text) =>
      [...text.matchAll(/\bsettings\.([A-Z][A-Z0-9_]*)/g)].map((match) => match[1] ?? ''),
    );
    const inLibrary = families.flatMap((family) => upperCaseNames(libraryOf(texts, step.library, family)));
    const used = new Set([...own, ...inFiles]);
    const undeclared = [...used].filter(
      (name) => !step.settings.includes(name) && ![...alwaysThere, ...toldToResets].includes(name),
    );
    const unused = step.settings.filter((name) => !used.has(name) && !inLibrary.includes(name));
    expect({ undeclared, unused }).toEqual({ undeclared: [], unused: [] });
  });

  test('declares the function files it calls, and calls those it declares', () => {
    const called = new Set(
      families.flatMap((family) => [...usedFunctions(texts, shellOf(texts, folder, step, family), family)]),
    );
    const missing = [...called].filter((name) => !step.library.includes(name));
    const unused = step.library.filter((name) => !called.has(name) && name !== 'step');
    expect({ missing, unused }).toEqual({ missing: [], unused: [] });
  });
});

describe('provision-scripts/runtime', () => {
  test.each(Object.keys(assets.runtimes))('%s says where its program is found', (name) => {
    expect(assets.runtimes[name]?.runtime?.socket).toMatch(/\.sock$/);
  });

  test('holds every runtime that other folders name', () => {
    const named = stepFolders.flatMap(([, { fits }]) => fits?.runtime ?? []);
    expect(Object.keys(assets.runtimes)).toEqual(expect.arrayContaining(named));
  });
});

describe('provision-scripts/lib', () => {
  test('holds no function file that nobody uses, and families come in pairs', () => {
    const used = new Set(['step', ...[...steps, ...resets].flatMap(([, , step]) => step.library)]);
    const files = filesIn('provision-scripts/lib');
    for (const file of files) {
      const [, name = '', family] = /^(.+?)(?:\.(apt|dnf))?\.sh$/.exec(file) ?? [];
      expect([file, used.has(name)]).toEqual([file, true]);
      if (family !== undefined) expect(files).toContain(`${name}.${family === 'apt' ? 'dnf' : 'apt'}.sh`);
    }
    for (const name of used) {
      expect([name, files.some((file) => file === `${name}.sh` || file === `${name}.apt.sh`)]).toEqual([
        name,
        true,
      ]);
    }
  });
});

describe('box-templates', () => {
  test.each(Object.entries(assets.providers))(
    'provider %s has all its files and a default box',
    async (name, provider) => {
      const folder = path.join(packageRoot, 'box-templates', name);
      expect(filesIn(`box-templates/${name}`)).toEqual(
        expect.arrayContaining(['machine.rb', ...provider.hostFiles]),
      );
      expect(assets.boxes[provider.defaultBox]?.providers).toHaveProperty([name]);
      const recipes = Object.values(assets.boxes).flatMap(({ providers }) => providers[name]?.build ?? []);
      for (const recipe of recipes) expect(await readdir(path.join(folder, recipe))).not.toEqual([]);
    },
  );

  test.each(Object.entries(assets.boxes))(
    'box %s is for providers that exist, and checked when it has a file of its own',
    (_, box) => {
      for (const [provider, { url, build }] of Object.entries(box.providers)) {
        expect(Object.keys(assets.providers)).toContain(provider);
        if (url !== undefined) expect(url).toMatch(/^https:\/\//);
        expect(url !== undefined && build !== undefined).toBe(false);
      }
    },
  );
});

describe('labs', () => {
  test.each(Object.entries(assets.presets))(
    'preset %s names its schema and has a README',
    (name, { text }) => {
      expect(text).toMatch(/^# yaml-language-server: \$schema=\S+\/lab\.schema\.json\n/);
      expect(text).toMatch(new RegExp(`^name: ${name}$`, 'm'));
      expect(filesIn(`labs/${name}`)).toContain('README.md');
    },
  );
});
