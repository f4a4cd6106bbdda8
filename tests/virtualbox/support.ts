import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { vmdkHeader } from './vboxmanage/backend/disks.js';
import { ovf } from './vboxmanage/commands/appliance.js';
import { vboxManage } from './vboxmanage/main.js';

export interface Said {
  status: number;
  out: string;
  err: string;
}

/** A VirtualBox of its own whose machines exist on paper, called without starting a process. */
export class PaperVirtualBox {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-vbox-'));
  readonly ovf = path.join(this.folder, 'box', 'box.ovf');
  readonly env: Record<string, string | undefined> = {
    HOME: this.folder,
    VBOX_USER_HOME: path.join(this.folder, 'state'),
    VBOX_NETWORKS_CONF: path.join(this.folder, 'networks.conf'),
    VBOXMANAGE_MACHINES: 'paper',
  };

  async run(...args: string[]): Promise<Said> {
    const said: Said = { status: 0, out: '', err: '' };
    said.status = await vboxManage(args, this.env, {
      out: (text) => (said.out += text),
      err: (text) => (said.err += text),
    });
    return said;
  }

  /** Runs what must work; gives its output. */
  async ok(...args: string[]): Promise<string> {
    const { status, out, err } = await this.run(...args);
    if (status !== 0) throw new Error(`${args.join(' ')}: ${err}`);
    return out;
  }

  /** A machine of that name, made by an import. */
  async machine(name: string): Promise<string> {
    await this.ok('import', this.box(), '--vsys', '0', '--vmname', name);
    const uuid = new RegExp(`^"${name}" \\{(.+?)\\}$`, 'm').exec(await this.ok('list', 'vms'))?.[1];
    if (uuid === undefined) throw new Error(`${name} is not listed`);
    return uuid;
  }

  /** The files of a box. */
  box(): string {
    const disk = { file: 'box-disk001.vmdk', capacity: 64 * 1024 ** 3 };
    const folder = path.dirname(this.ovf);
    rmSync(folder, { recursive: true, force: true });
    writeFileSync(this.write('box', disk.file), vmdkHeader(disk.capacity, disk.file));
    writeFileSync(
      this.ovf,
      ovf({
        name: 'debian-12-amd64',
        osType: 'Debian12_64',
        cpus: 2,
        memory: 1024,
        mac: '080027C0FFEE',
        disk,
      }),
    );
    return this.ovf;
  }

  async info(machine: string): Promise<string> {
    return this.ok('showvminfo', machine, '--machinereadable');
  }

  async state(machine: string): Promise<string | undefined> {
    return /^VMState="(.+?)"$/m.exec(await this.info(machine))?.[1];
  }

  private write(...parts: string[]): string {
    const file = path.join(this.folder, ...parts);
    mkdirSync(path.dirname(file), { recursive: true });
    return file;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
