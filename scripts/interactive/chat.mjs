// The conversation: what was said is kept and sent again, an answer can be cancelled, and the model changed on the way.

import { BedrockWrapperError, bedrockWrapper } from 'bedrock-wrapper';
import { withoutThinking } from '../thinking.mjs';

const HELP = `  /model   choose another model; what was said is kept
  /api     change between Converse and InvokeModel
  /new     forget what was said
  /quit    leave; so does Ctrl-D, and Ctrl-C when no answer is running
`;

/** @typedef {{model: string, api: 'converse' | 'invoke'}} Choice */

export class Chat {
  #terminal;
  #creds;
  #style;
  #choice;
  #chooseModel;
  #messages = [];
  #running = null;

  /** @param {{terminal: object, creds: object, style: object, choice: Choice, chooseModel: () => Promise<string | null>}} parts */
  constructor({ terminal, creds, style, choice, chooseModel }) {
    this.#terminal = terminal;
    this.#creds = creds;
    this.#style = style;
    this.#choice = choice;
    this.#chooseModel = chooseModel;
  }

  /** Talks until the user leaves. */
  async run() {
    this.#terminal.onInterrupt = () => this.#interrupt();
    for (;;) {
      const line = await this.#terminal.line(`${this.#style.cyan(this.#choice.model)}> `);
      if (line === null || line.trim() === '/quit') return;
      if (line.trim() === '') continue;
      if (line.startsWith('/')) await this.#command(line.trim());
      else await this.#say(line);
    }
  }

  /** The running answer is cancelled; without one the user leaves. */
  #interrupt() {
    const running = this.#running;
    if (running === null) return this.#terminal.end();
    this.#running = null;
    running.abort();
  }

  async #command(name) {
    if (name === '/model') {
      this.#choice = { ...this.#choice, model: (await this.#chooseModel()) ?? this.#choice.model };
    } else if (name === '/api') {
      this.#choice = { ...this.#choice, api: this.#choice.api === 'converse' ? 'invoke' : 'converse' };
      this.#note(`API: ${this.#choice.api}`);
    } else if (name === '/new') {
      this.#messages = [];
      this.#note('What was said is forgotten.');
    } else {
      this.#terminal.write(HELP);
    }
  }

  async #say(content) {
    const messages = [...this.#messages, { role: 'user', content }];
    this.#running = new AbortController();
    const { signal } = this.#running;
    const { model, api } = this.#choice;
    const request = { model, messages, stream: true, include_thinking_data: true };
    const answer = bedrockWrapper(this.#creds, request, { useConverseAPI: api === 'converse', signal });
    let text = '';
    try {
      for await (const piece of answer) {
        text += piece;
        this.#terminal.write(piece);
      }
      this.#terminal.write('\n');
      await this.#tell(answer);
    } catch (error) {
      this.#tellFailure(error, signal);
    } finally {
      this.#running = null;
    }
    const said = withoutThinking(text);
    if (said !== '') this.#messages = [...messages, { role: 'assistant', content: said }];
  }

  async #tell(answer) {
    const [usage, stopReason, warnings] = await Promise.all([answer.usage, answer.stopReason, answer.warnings]);
    for (const { message } of warnings) this.#terminal.write(this.#style.yellow(`Warning: ${message}\n`));
    const tokens = usage && `${usage.inputTokens ?? '-'} tokens in, ${usage.outputTokens ?? '-'} out`;
    this.#note([tokens, stopReason].filter(Boolean).join(', '));
  }

  #tellFailure(error, signal) {
    if (signal.aborted) return this.#note('\n(cancelled; Ctrl-C again leaves)');
    if (!BedrockWrapperError.isInstance(error)) throw error;
    this.#terminal.write(this.#style.red(`${error.name}: ${error.message}\n`));
  }

  #note(text) {
    this.#terminal.write(this.#style.dim(`${text}\n`));
  }
}
