/**
 * One line of `vagrant --machine-readable`: `timestamp,target,type,data…`, where a comma in the data is
 * `%!(VAGRANT_COMMA)` and line ends are `\n` and `\r`.
 * https://developer.hashicorp.com/vagrant/docs/cli/machine-readable
 */
interface MachineReadableLine {
  /** Machine name; empty for what is about no machine. */
  target: string;
  type: string;
  data: string[];
}

/** Lines of another shape (warnings of Ruby, of plugins) are skipped. */
function parseMachineReadable(output: string): MachineReadableLine[] {
  return output.split('\n').flatMap((line) => {
    const [timestamp, target, type, ...data] = line.trimEnd().split(',');
    if (timestamp === undefined || !/^\d+$/.test(timestamp) || target === undefined || type === undefined)
      return [];
    return [{ target, type, data: data.map(unescape) }];
  });
}

function unescape(text: string): string {
  return text.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}

/** A machine as its provider sees it; `unknown` for states such as `saved`, `aborted` or `frozen`, kept in `raw`. */
export type MachineState = 'running' | 'stopped' | 'not created' | 'unknown';

export interface ProviderState {
  state: MachineState;
  /** The provider's own word. */
  raw: string;
}

const states: Record<string, MachineState> = {
  running: 'running',
  poweroff: 'stopped',
  stopped: 'stopped',
  shutoff: 'stopped',
  saved: 'stopped',
  aborted: 'stopped',
  not_created: 'not created',
};

/** Reads `vagrant status --machine-readable`. */
export function parseStatus(output: string): Map<string, ProviderState> {
  const found = new Map<string, ProviderState>();
  for (const { target, type, data } of parseMachineReadable(output)) {
    if (type !== 'state' || target === '') continue;
    const raw = data[0] ?? '';
    found.set(target, { state: states[raw] ?? 'unknown', raw });
  }
  return found;
}

export interface InstalledBox {
  name: string;
  provider: string;
  version: string;
}

/** Reads `vagrant box list --machine-readable`. */
export function parseBoxList(output: string): InstalledBox[] {
  const boxes: InstalledBox[] = [];
  for (const { type, data } of parseMachineReadable(output)) {
    const value = data[0] ?? '';
    const last = boxes.at(-1);
    if (type === 'box-name') boxes.push({ name: value, provider: '', version: '' });
    else if (type === 'box-provider' && last !== undefined) last.provider = value;
    else if (type === 'box-version' && last !== undefined) last.version = value;
  }
  return boxes;
}
