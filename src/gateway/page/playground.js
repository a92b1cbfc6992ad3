// A conversation with a model, streamed.

import * as api from './api.js';
import { byId, duration, element } from './dom.js';

/** Messages in OpenAI's form. */
let conversation = [];
let running = null;

export function start() {
  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    void send();
  });
  byId('prompt').addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    void send();
  });
  byId('settings').addEventListener('submit', (event) => event.preventDefault());
  byId('stop').addEventListener('click', () => running?.abort());
  byId('clear').addEventListener('click', clear);
  const model = byId('model');
  model.value = localStorage.getItem('bedrock-gateway-model') ?? '';
  model.addEventListener('change', () => localStorage.setItem('bedrock-gateway-model', model.value));
  byId('more').open = !matchMedia('(max-width: 46rem)').matches;
  greet();
}

/** The model that the next message goes to. */
export function choose(model) {
  byId('model').value = model;
  byId('model').dispatchEvent(new Event('change'));
}

/** Models to choose from; the first is taken where none was chosen yet. */
export function offer(ids) {
  byId('model-ids').replaceChildren(...ids.map((id) => element('option', { value: id })));
}

function clear() {
  running?.abort();
  conversation = [];
  greet();
}

function greet() {
  const base = `${location.origin}/v1`;
  byId('messages').replaceChildren(element(
    'div', { class: 'empty greeting' },
    element('p', {}, 'Ask a model something, or point any OpenAI client here:'),
    element('pre', {}, `export OPENAI_BASE_URL=${base}`),
  ));
}

async function send() {
  const prompt = byId('prompt').value.trim();
  if (prompt === '' || running) return;
  if (conversation.length === 0) byId('messages').replaceChildren();
  byId('prompt').value = '';
  conversation.push({ role: 'user', content: prompt });
  byId('messages').append(element('article', { class: 'user' }, prompt));
  const answer = new Answer();
  byId('messages').append(answer.article);
  answer.article.scrollIntoView({ block: 'end' });
  running = new AbortController();
  working(true);
  try {
    for await (const chunk of api.chat(request(), running.signal)) answer.take(chunk);
  } catch (error) {
    answer.fail(error);
  }
  answer.end();
  // Half an answer is part of the conversation too; one that never began is not, nor is its question.
  if (answer.text !== '') conversation.push({ role: 'assistant', content: answer.text });
  else conversation.pop();
  running = null;
  working(false);
  byId('prompt').focus();
}

function working(is) {
  byId('send').hidden = is;
  byId('stop').hidden = !is;
}

function request() {
  const system = byId('system').value.trim();
  const number = (id) => (byId(id).value === '' ? undefined : Number(byId(id).value));
  return {
    model: byId('model').value.trim() || byId('model').placeholder,
    messages: [...(system === '' ? [] : [{ role: 'system', content: system }]), ...conversation],
    temperature: number('temperature'),
    max_completion_tokens: number('max-tokens'),
    reasoning_effort: byId('effort').value || undefined,
  };
}

/** An answer as it comes. */
class Answer {
  text = '';
  #since = performance.now();
  #first = null;
  #usage = null;
  #reason = null;
  #model = byId('model').value.trim() || byId('model').placeholder;
  #thoughts = element('details', { class: 'reasoning', open: true, hidden: true }, element('summary', {}, 'Reasoning'));
  #thought = element('div');
  #said = element('div', { class: 'said' });
  #notes = element('footer', {}, 'Waiting for the model…');

  constructor() {
    this.#thoughts.append(this.#thought);
    this.article = element('article', { class: 'assistant' }, this.#thoughts, this.#said, this.#notes);
  }

  take(chunk) {
    this.#usage = chunk.usage ?? this.#usage;
    for (const { delta = {}, finish_reason: reason } of chunk.choices) {
      this.#reason = reason ?? this.#reason;
      if (delta.reasoning_content) this.#show(this.#thought, delta.reasoning_content);
      if (delta.content) {
        this.text += delta.content;
        this.#show(this.#said, delta.content);
      }
    }
  }

  #show(place, text) {
    const list = byId('messages');
    const follows = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
    this.#first ??= performance.now() - this.#since;
    this.#thoughts.hidden = this.#thought.textContent === '' && place !== this.#thought;
    if (place === this.#said && this.text === text) this.#thoughts.open = false;
    place.append(text);
    this.#tell('writing…');
    if (follows) list.scrollTop = list.scrollHeight;
  }

  fail(error) {
    if (error.name === 'AbortError') {
      this.#reason = 'stopped';
      return;
    }
    const where = [error.status && `status ${error.status}`, error.code, error.id].filter(Boolean).join(' · ');
    this.article.append(element('p', { class: 'bad', role: 'alert' }, error.message, where && element('small', {}, where)));
    this.#reason = 'failed';
  }

  end() {
    this.#tell(this.#reason ?? 'done');
  }

  #tell(reason) {
    const took = performance.now() - this.#since;
    const tokens = this.#usage?.completion_tokens;
    const writing = this.#first === null ? 0 : took - this.#first;
    const notes = [
      this.#model,
      reason,
      this.#first !== null && `first content ${duration(this.#first)}`,
      `${duration(took)} in all`,
      this.#usage && `${this.#usage.prompt_tokens} → ${tokens} tokens`,
      tokens > 1 && writing > 0 && `${Math.round((tokens - 1) / (writing / 1000))} tokens/s`,
    ];
    this.#notes.textContent = notes.filter(Boolean).join(' · ');
  }
}
