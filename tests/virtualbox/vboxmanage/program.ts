// A test's tool, not VirtualBox: the program `VBoxManage` itself, see main.ts.
import { vboxManage } from './main.js';

process.exitCode = await vboxManage(process.argv.slice(2), process.env, {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
});
