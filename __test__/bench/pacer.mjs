// One timer for all paced streams: a wheel with a slot for every millisecond of the period. Streams are spread evenly
// over the slots, as independent streams are; were they in step, every client could serve them in one go.

/** Runs each added function once a period until it answers false. */
export class Pacer {
  #slots = [];
  #timer = null;
  #next = 0;
  #turned = 0;
  #started = 0;
  #live = 0;

  /** `period` is in milliseconds and the same for all functions that run at one time. */
  add(period, run) {
    if (this.#live === 0) this.#start(period);
    this.#slots[this.#next % this.#slots.length].push(run);
    this.#next += 1;
    this.#live += 1;
  }

  #start(period) {
    this.#slots = Array.from({ length: period }, () => []);
    this.#next = 0;
    this.#turned = 0;
    this.#started = performance.now();
    this.#timer = setInterval(() => this.#turn(), 1);
  }

  #turn() {
    const due = Math.floor(performance.now() - this.#started);
    for (; this.#turned < due; this.#turned += 1) {
      const slot = this.#turned % this.#slots.length;
      const kept = this.#slots[slot].filter((run) => run());
      this.#live -= this.#slots[slot].length - kept.length;
      this.#slots[slot] = kept;
    }
    if (this.#live === 0) clearInterval(this.#timer);
  }
}
