import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createPlainServer, type AddressInfo, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { findUnreachable } from '../../src/bundle/reach.js';

const servers: Server[] = [];
const sockets: Socket[] = [];
const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-reach-'));
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.on('connection', (socket: Socket) => sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const serve = async (answer: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(answer))}/file`;

const options = { patience: 1000, signal: new AbortController().signal };

/** What speaks against a URL, if anything. */
async function reason(url: string, more: { ca?: string[] } = {}): Promise<string | undefined> {
  const found = await findUnreachable([{ host: 'example.org', url }], { ...options, ...more });
  return found[0]?.reason;
}

describe('hosts that answer', () => {
  test.each([200, 401, 404, 429])('with %i are there', async (status) => {
    const url = await serve((request, response) => {
      expect(request.method).toBe('HEAD');
      response.writeHead(status).end();
    });
    expect(await reason(url)).toBeUndefined();
  });

  test('with 403 to everything are of no use', async () => {
    const url = await serve((_, response) => void response.writeHead(403).end());
    expect(await reason(url)).toContain('403');
  });

  test('with a redirect are as good as where it leads', async () => {
    const refusing = await serve((_, response) => void response.writeHead(403).end());
    const giving = await serve((_, response) => void response.writeHead(200).end());
    const to = (location: string): Promise<string> =>
      serve((_, response) => void response.writeHead(301, { location }).end());
    expect(await reason(await to(giving))).toBeUndefined();
    expect(await reason(await to(refusing))).toContain('403');
    expect(await reason(await to('/round'))).toBe('redirects without an end');
  });
});

describe('hosts that do not', () => {
  test('because nobody listens', async () => {
    const server = createPlainServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await reason(`https://127.0.0.1:${port}/`)).toBe('the connection is refused');
  });

  test('because the connection hangs: all of them together take no longer than one', async () => {
    const port = await listen(createPlainServer(() => undefined));
    const probes = Array.from({ length: 8 }, (_, index) => ({
      host: `host${index}`,
      url: `https://127.0.0.1:${port}/`,
    }));
    const started = Date.now();
    const found = await findUnreachable(probes, options);
    expect(found).toHaveLength(8);
    expect(found[0]?.reason).toBe('no answer within 1 s');
    expect(Date.now() - started).toBeLessThan(2500);
  });

  test('because the answer trickles in', async () => {
    const port = await listen(
      createPlainServer((socket) => {
        socket.write('HTTP/1.1 200 OK\r\nServer: ');
        const timer = setInterval(() => socket.write('x'), 50);
        socket
          .on('error', () => undefined)
          .on('close', () => {
            clearInterval(timer);
          });
      }),
    );
    expect(await reason(`http://127.0.0.1:${port}/`)).toBe('no answer within 1 s');
  });

  test('because the connection is cut off', async () => {
    const port = await listen(createPlainServer((socket) => socket.destroy()));
    expect(await reason(`https://127.0.0.1:${port}/`)).toMatch(/cut off|disconnected/);
  });

  test('because there is no such name', async () => {
    const said = await reason('https://no-such-host.invalid/');
    // The second where no name server can be asked at all, as in a network of its own.
    expect(['the name server knows no such host', 'no name server answers']).toContain(said);
  });
});

test('whoever answers in a host’s place is told from it by the certificate', async () => {
  const key = path.join(folder, 'key.pem');
  const cert = path.join(folder, 'cert.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ].concat(['-subj', '/CN=portal', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert]),
    { stdio: 'ignore' },
  );
  const [keyText, certText] = [readFileSync(key, 'utf8'), readFileSync(cert, 'utf8')];
  const server = createTlsServer({ key: keyText, cert: certText }, (_, response) => void response.end());
  const url = `https://127.0.0.1:${await listen(server)}/v2/`;
  expect(await reason(url)).toContain('certificate');
  expect(await reason(url, { ca: [certText] })).toBeUndefined();
});

test('no proxy of this host is asked: machines know none', async () => {
  let asked = 0;
  const proxy = await serve((_, response) => {
    asked += 1;
    response.writeHead(200).end();
  });
  const before = { ...process.env };
  Object.assign(process.env, { HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NODE_USE_ENV_PROXY: '1' });
  try {
    const port = await listen(createPlainServer((socket) => socket.destroy()));
    expect(await reason(`http://127.0.0.1:${port}/`)).toBe('the connection is cut off');
    expect(asked).toBe(0);
  } finally {
    process.env = before;
  }
});

test('Ctrl-C ends the looking', async () => {
  const port = await listen(createPlainServer(() => undefined));
  const probes = [{ host: 'host', url: `https://127.0.0.1:${port}/` }];
  const stopped = findUnreachable(probes, { patience: 30_000, signal: AbortSignal.timeout(100) });
  await expect(stopped).rejects.toMatchObject({ name: 'TimeoutError' });
});
