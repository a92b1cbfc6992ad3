// A driver as a process: it is given one job a line and gives back one outcome a line. What it does not finish in time is
// a hang: it is killed, and a new one does the rest.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { FOLDER } from './clients.mjs';

/** Seconds until a driver has loaded its client. */
const START = 120;

export class Judge {
  #client;
  #env;
  #process;
  #lines;
  #complaints = '';

  /** @param {Record<string, string>} env variables on top of the few that every driver gets */
  constructor(client, env = {}) {
    this.#client = client;
    this.#env = { PATH: process.env.PATH, HOME: process.env.HOME, AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null', ...env };
  }

  /** @returns the outcome of a job, or `{hang: …}` when it took more than `limit` seconds or the driver ended */
  async ask(job, limit) {
    if (this.#process === undefined) {
      this.#start();
      const started = await this.#line(START);
      if (started.hang) return started;
    }
    this.#process.stdin.write(`${JSON.stringify(job)}\n`);
    return this.#line(limit);
  }

  close() {
    this.#process?.kill('SIGKILL');
    this.#process = undefined;
  }

  #start() {
    const [command, ...args] = this.#client.driver;
    this.#complaints = '';
    this.#process = spawn(command, args, { cwd: FOLDER, env: this.#env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.on('error', (error) => (this.#complaints += error.message));
    this.#process.stdin.on('error', () => {});
    this.#process.stderr.setEncoding('utf8').on('data', (text) => (this.#complaints += text));
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async #line(limit) {
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, limit * 1000, { hang: `no outcome after ${limit} s` })));
    const line = this.#lines.next().then(({ done, value }) => (done ? { hang: `the driver ended: ${this.#complaints.trim()}` } : JSON.parse(value)));
    const outcome = await Promise.race([line, late]);
    clearTimeout(timer);
    if (outcome.hang) this.close();
    return outcome;
  }
}
