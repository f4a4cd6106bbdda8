import { loadAssets } from '../assets/load.js';

const takeLab = new Set(['create', 'plan', 'show', 'doctor']);
const takeOneMachine = new Set(['ssh']);
const takeMachines = new Set(['up', 'provision', 'halt', 'reset', 'destroy']);

/**
 * Takes the words on the command line so far (without the program's name) and the one being written; gives what it
 * may become where that depends on presets, providers, error codes or the machines of the lab one stands in.
 * Nothing when yargs knows better. Never throws: a completion that complains is worse than none.
 */
export async function complete(words: readonly string[], current: string): Promise<string[] | undefined> {
  try {
    const found = await candidates(words, current);
    return found?.filter((word) => word.startsWith(current));
  } catch {
    return undefined;
  }
}

async function candidates(words: readonly string[], current: string): Promise<string[] | undefined> {
  const before = words.at(-1) === current ? words.slice(0, -1) : words;
  const [verb = '', ...rest] = before;
  if (rest.at(-1) === '--provider') return ['auto', ...Object.keys((await loadAssets()).providers)];
  if (current.startsWith('-')) return undefined;
  const given = rest.filter((word) => !word.startsWith('-'));
  if (verb === 'box') return boxWords(given);
  if (takeLab.has(verb) && given.length === 0) return Object.keys((await loadAssets()).presets);
  if (verb === 'explain' && given.length === 0) {
    return Object.keys((await import('../errors/catalogue/index.js')).catalogue);
  }
  if (takeMachines.has(verb) || (takeOneMachine.has(verb) && given.length === 0)) {
    return (await machineNames()).filter((name) => !given.includes(name));
  }
  return undefined;
}

/** After `box bake` a lab; after `box remove` a box, then one of its versions. */
async function boxWords([verb, name, version]: string[]): Promise<string[] | undefined> {
  if (verb === 'bake') return name === undefined ? Object.keys((await loadAssets()).presets) : [];
  if (verb !== 'remove') return undefined;
  const { ownBoxes } = await import('../box/installed.js');
  const boxes = await ownBoxes();
  if (name === undefined) return [...new Set(boxes.map((box) => box.name))];
  return version === undefined ? boxes.flatMap((box) => (box.name === name ? [box.version] : [])) : [];
}

async function machineNames(): Promise<string[]> {
  const { openLab } = await import('./openLab.js');
  return (await openLab(undefined)).cluster.machines.map(({ name }) => name);
}
