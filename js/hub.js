'use strict';
// Waiting for news of native streams: one native hub for this thread, which reports many streams in one call.

const { Hub } = require('./addon.js');
const { isObserved, publish } = require('./diagnostics.js');
const { BedrockWrapperError } = require('./errors.js');

const LONGEST_DELAY = 2 ** 31 - 1;

/** Stream id → what to call when there is news. Holds only streams somebody waits for, so that others can be collected. */
const waiting = new Map();
/** The same, for those who do not keep Node alive. */
const listening = new Map();
let hub = null;
let keepAlive = null;
/** What keeps Node alive besides those who wait. */
let held = 0;
/** Whether the native hub reports what becomes of attempts, and whether it ever did. */
let isReporting = false;
let hasReported = false;

/** The id under which it tells of reports. */
const REPORTS = 2 ** 32 - 1;

/** The native hub, made by the first call. Asked for once a call: a call reports if somebody subscribed before it. */
function nativeHub() {
  hub ??= new Hub(report);
  if (isReporting !== isObserved()) {
    isReporting = !isReporting;
    hasReported = true;
    hub.observe(isReporting);
  }
  return hub;
}

/** Publishes what was reported and not been published yet. */
function publishReports() {
  if (hasReported) publish(hub.reports());
}

/** Resolves when the native stream `id` has news or is reported by {@link report}. Node stays alive meanwhile. */
function news(id) {
  return new Promise((resolve) => {
    if (waiting.size === 0) hold();
    waiting.set(id, resolve);
  });
}

/** The same as {@link news}, but Node may end meanwhile. */
function quietNews(id) {
  return new Promise((resolve) => listening.set(id, resolve));
}

/** What a native stream says first, from JSON, or the error it has ended with. */
async function started(stream) {
  let first = stream.poll();
  while (first === null) {
    await news(stream.id);
    first = stream.poll();
  }
  if (typeof first !== 'string') throw new BedrockWrapperError(stream.error());
  return JSON.parse(first);
}

/** Wakes those who wait for one of the streams. */
function report(ids) {
  for (const id of ids) {
    if (id === REPORTS) publishReports();
    const those = waiting.has(id) ? waiting : listening;
    const resolve = those.get(id);
    if (resolve === undefined) continue;
    those.delete(id);
    resolve();
  }
  rest();
}

/** Keeps Node alive until the function that is returned is called. */
function stayAlive() {
  held++;
  hold();
  return () => {
    held--;
    rest();
  };
}

function rest() {
  if (waiting.size === 0 && held === 0) keepAlive?.unref();
}

function hold() {
  keepAlive ??= setInterval(() => {}, LONGEST_DELAY);
  keepAlive.ref();
}

module.exports = { nativeHub, news, publishReports, quietNews, report, started, stayAlive };
