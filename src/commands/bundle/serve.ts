import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { readBundle } from '../../bundle/document.js';
import { serveBundle, type ServedRequest } from '../../bundle/serve/serve.js';
import { K8slabError } from '../../errors/error.js';
import { duration } from '../../vagrant/progress.js';
import type { Context, Status } from '../context.js';
import { nextCommand } from './nextCommand.js';
import { sizeText } from './sizes.js';

/** Offers a bundle until Ctrl-C, with a line a request. */
export async function serve(argv: { path: string; listen: string }, context: Context): Promise<Status> {
  const { address, port } = parseListen(argv.listen);
  const { name, versions } = await readBundle(argv.path);
  const server = await serveBundle({
    folder: argv.path,
    address,
    port,
    onRequest: (request) => {
      context.say(requestLine(request));
    },
  });
  const urls =
    address === '0.0.0.0' ? ownAddresses().map((own) => `http://${own}:${server.port}`) : [server.url];
  context.result({ name, urls });
  const { bold, dim } = context.palette;
  context.say(`${bold(name)} is served at`);
  for (const url of urls) context.say(`  ${bold(url)}`);
  const command = nextCommand(Object.keys(versions), urls[0] ?? server.url);
  context.say(`\nOn another computer:  ${command}`);
  context.say(dim('Ctrl-C ends it.\n'));
  await new Promise<void>((resolve) => {
    if (context.signal.aborted) resolve();
    else
      context.signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
  });
  await server.close();
  return 0;
}

/** `192.168.56.10  GET /v2/pause/manifests/3.10.2?ns=registry.k8s.io  200  1.2 kB  0 s` */
function requestLine(request: ServedRequest): string {
  const { client, method, target, status, bytes, milliseconds, cutOff } = request;
  const end = cutOff ? ', cut off' : '';
  return `${client}  ${method} ${printable(target)}  ${status}  ${sizeText(bytes)}  ${duration(milliseconds)}${end}`;
}

/** What a stranger sent must not reach the terminal as it is. */
function printable(text: string): string {
  const clean = text.replaceAll(/[^\x20-\x7e]/g, '?');
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}

/** `0.0.0.0:8580`, `:8580`, `8580`, `192.168.1.7:0` */
function parseListen(text: string): { address: string; port: number } {
  const match = /^(?:(\d{1,3}(?:\.\d{1,3}){3})?:)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[2] ?? NaN);
  const address = match?.[1] ?? '0.0.0.0';
  if (match === null || !isIPv4(address) || port > 65535) {
    throw new K8slabError('BUNDLE_LISTEN', `${JSON.stringify(text)} is not an address and a port.`, {
      fix: ['--listen 0.0.0.0:8580', '--listen 192.168.1.7:8580'],
    });
  }
  return { address, port };
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.flatMap(({ family, internal, address }) => (family === 'IPv4' && !internal ? [address] : [])),
  );
}
