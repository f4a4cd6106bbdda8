import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { parse } from 'yaml';

/** Time a call may take: a machine that just starts may swallow packets. */
const patience = 2000;

/** The API of a lab, called with the administrator's certificate that the lab folder has. */
export class Api {
  static async of(kubeconfig) {
    const { clusters, users } = parse(await readFile(kubeconfig, 'utf8'));
    const data = (text) => Buffer.from(text, 'base64');
    return new Api(clusters[0].cluster.server, {
      ca: data(clusters[0].cluster['certificate-authority-data']),
      cert: data(users[0].user['client-certificate-data']),
      key: data(users[0].user['client-key-data']),
    });
  }

  constructor(server, keys) {
    this.server = server;
    this.agent = new https.Agent({ ...keys, keepAlive: true });
  }

  /** The items of a list, or undefined when the API does not answer. */
  async list(path) {
    const answer = await call(`${this.server}${path}`, { agent: this.agent });
    return answer?.status === 200 ? JSON.parse(answer.body).items : undefined;
  }

  /** Whether an object was made, or was there already. */
  async make(path, object) {
    const body = JSON.stringify(object);
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const answer = await call(`${this.server}${path}`, { agent: this.agent, method: 'POST', headers }, body);
    return answer !== undefined && [201, 409].includes(answer.status);
  }

  close() {
    this.agent.destroy();
  }
}

/** Whether a page is there. */
export async function answers(url) {
  return (await call(url, { agent: false }))?.status === 200;
}

/** Status and body, or undefined when nobody answers. */
async function call(url, options, body) {
  const { request } = url.startsWith('https:') ? https : http;
  return new Promise((resolve) => {
    const nothing = () => resolve(undefined);
    const sent = request(url, { ...options, timeout: patience }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode, body: Buffer.concat(chunks).toString('utf8') }),
      );
      answer.on('error', nothing);
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', nothing);
    sent.end(body);
  });
}
