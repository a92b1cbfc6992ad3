// Lines, choices and Ctrl-C from a terminal, or from a pipe when there is none.

import { clearScreenDown, createInterface, cursorTo, emitKeypressEvents, moveCursor } from 'node:readline';
import { chosenBy, pickerLines, pressed, startPicking } from './picker.mjs';

export class Terminal {
  #input;
  #output;
  #lines = null;
  #typed = [];
  #waiting = null;
  #hasEnded = false;
  #history = [];

  /** Called at Ctrl-C, or the signal SIGINT. */
  onInterrupt = () => this.end();

  constructor(input, output) {
    this.#input = input;
    this.#output = output;
    this.interrupted = () => this.onInterrupt();
    process.on('SIGINT', this.interrupted);
  }

  get isTTY() {
    return Boolean(this.#input.isTTY);
  }

  write(text) {
    this.#output.write(text);
  }

  /** The next line; null at the end of the input, Ctrl-D, or {@link end}. No line is lost between two calls. */
  async line(prompt) {
    this.#open();
    if (this.isTTY) {
      this.#lines.setPrompt(prompt);
      this.#lines.prompt();
    }
    const line = await this.#next();
    if (!this.isTTY) this.write(`${prompt}${line ?? ''}\n`);
    return line;
  }

  /** One of `items`: on a terminal by typing a part of it and with the arrows, else by a line. Null when left. */
  async choose(title, items) {
    return this.isTTY ? this.#pick(title, items) : this.#chooseByLine(title, items);
  }

  /** Ends the input: {@link line} gives null from now on. */
  end() {
    this.#hasEnded = true;
    this.#waiting?.(null);
  }

  close() {
    process.off('SIGINT', this.interrupted);
    this.#hasEnded = true;
    this.#lines?.close();
    this.#input.unref?.();
  }

  #open() {
    if (this.#lines !== null || this.#hasEnded) return;
    const lines = createInterface({ input: this.#input, output: this.#output, terminal: this.isTTY, history: this.#history });
    lines.on('line', (line) => (this.#waiting ? this.#waiting(line) : this.#typed.push(line)));
    lines.on('history', (history) => (this.#history = history));
    // In a terminal Ctrl-C is a key, which readline tells; no signal is sent.
    lines.on('SIGINT', this.interrupted);
    lines.on('close', () => {
      if (this.#lines === lines) this.end();
    });
    this.#lines = lines;
  }

  #next() {
    if (this.#typed.length > 0) return Promise.resolve(this.#typed.shift());
    if (this.#hasEnded) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#waiting = (line) => {
        this.#waiting = null;
        resolve(line);
      };
    });
  }

  async #chooseByLine(title, items) {
    for (;;) {
      const line = await this.line(`${title} (a number, a name, a part of one): `);
      if (line === null) return null;
      const { chosen, candidates } = chosenBy(line, items);
      if (chosen !== undefined) return chosen;
      if (candidates.length === 0) this.write(`Nothing matches ${JSON.stringify(line)}.\n`);
      for (const item of candidates) this.write(`${String(items.indexOf(item) + 1).padStart(4)}  ${item}\n`);
    }
  }

  #pick(title, items) {
    const lines = this.#lines;
    this.#lines = null;
    lines?.close();
    emitKeypressEvents(this.#input);
    this.#input.setRawMode(true);
    this.#input.resume();
    return new Promise((resolve) => {
      let state = startPicking(items);
      let height = 0;
      const show = (text) => {
        moveCursor(this.#output, 0, -height);
        cursorTo(this.#output, 0);
        clearScreenDown(this.#output);
        this.write(`${text.join('\n')}\n`);
        height = text.length;
      };
      const onKey = (text, key) => {
        const next = pressed(state, text, key);
        if (!('chosen' in next || 'left' in next)) {
          state = next;
          show(pickerLines(state, title));
          return;
        }
        this.#input.off('keypress', onKey);
        this.#input.setRawMode(false);
        show([`${title}: ${next.chosen ?? ''}`]);
        resolve(next.chosen ?? null);
      };
      this.#input.on('keypress', onKey);
      show(pickerLines(state, title));
    });
  }
}
