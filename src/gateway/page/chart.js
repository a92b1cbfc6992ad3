// Plots of an hour, minute by minute, drawn by hand.

import { element, svg } from './dom.js';

const HEIGHT = 132;
const LEFT = 46;
const RIGHT = 6;
const TOP = 8;
const BOTTOM = 18;

/**
 * A plot.
 * @param {object} plot
 * @param {string} plot.title
 * @param {number} plot.minute the last minute, in seconds since 1970
 * @param {{name: string, kind: 'line'|'bar'|'area', class: string, values: (number|null)[]}[]} plot.series
 * @param {(value: number) => string} plot.format
 * @param {number} width in pixels
 */
export function chart({ title, minute, series, format }, width) {
  const count = series[0].values.length;
  const scale = scaled(Math.max(...series.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const x = (place) => LEFT + ((place + 0.5) * (width - LEFT - RIGHT)) / count;
  const y = (value) => TOP + (1 - value / scale.top) * (HEIGHT - TOP - BOTTOM);
  const drawn = svg('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: 'img', 'aria-label': title });
  for (const tick of scale.ticks) {
    drawn.append(
      svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick', x: LEFT - 6, y: y(tick) + 3.5, 'text-anchor': 'end' }, format(tick)),
    );
  }
  for (const [share, anchor, text] of [[0, 'start', '1 hour ago'], [0.5, 'middle', '30 min'], [1, 'end', 'now']]) {
    const at = LEFT + share * (width - LEFT - RIGHT);
    drawn.append(svg('text', { class: 'tick', x: at, y: HEIGHT - 4, 'text-anchor': anchor }, text));
  }
  for (const one of series) drawn.append(...shapes(one, x, y, width / count));
  const cursor = svg('line', { class: 'cursor', y1: TOP, y2: HEIGHT - BOTTOM, visibility: 'hidden' });
  drawn.append(cursor);

  const legend = element('span', { class: 'legend' });
  const tell = (place) => {
    const told = series.map(({ name, class: kind, values }) =>
      element('span', { class: `key ${kind}` }, `${name} ${values[place] === null ? '–' : format(values[place])}`));
    legend.replaceChildren(...told);
  };
  const rest = () => {
    cursor.setAttribute('visibility', 'hidden');
    tell(latest(series));
  };
  drawn.addEventListener('pointermove', ({ clientX }) => {
    const share = (clientX - drawn.getBoundingClientRect().left - LEFT) / (width - LEFT - RIGHT);
    const place = Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    for (const end of ['x1', 'x2']) cursor.setAttribute(end, x(place));
    cursor.setAttribute('visibility', 'visible');
    tell(place);
    legend.prepend(element('span', { class: 'at' }, clock(minute - (count - 1 - place) * 60)));
  });
  drawn.addEventListener('pointerleave', rest);
  rest();
  return element('figure', {}, element('figcaption', {}, element('b', {}, title), legend), drawn);
}

function shapes({ kind, class: name, values }, x, y, width) {
  if (kind === 'bar') {
    const bars = values.map((value, place) => value > 0 && svg('rect', {
      class: `fill ${name}`, x: x(place) - width * 0.4, width: Math.max(1, width * 0.8), y: y(value), height: y(0) - y(value),
    }));
    return bars.filter(Boolean);
  }
  return runs(values).flatMap((run) => {
    const points = run.map((place) => `${x(place).toFixed(1)},${y(values[place]).toFixed(1)}`);
    const last = run.at(-1);
    const dot = svg('circle', { class: `fill ${name}`, cx: x(last), cy: y(values[last]), r: 2.5 });
    const area = kind === 'area' && svg('polygon', { class: `area ${name}`, points: [`${x(run[0])},${y(0)}`, ...points, `${x(last)},${y(0)}`].join(' ') });
    return [area, svg('polyline', { class: `line ${name}`, points: points.join(' ') }), dot].filter(Boolean);
  });
}

/** Places of values that follow each other: where there is none, the line is broken. */
function runs(values) {
  const found = [];
  values.forEach((value, place) => {
    if (value === null) return;
    if (place > 0 && values[place - 1] !== null) found.at(-1).push(place);
    else found.push([place]);
  });
  return found;
}

/** The last place that has a value. */
function latest(series) {
  const places = series[0].values.map((_, place) => place).reverse();
  return places.find((place) => series.some(({ values }) => values[place])) ?? places[0];
}

/** A round number above `most`, and what the grid shows. */
function scaled(most) {
  if (!(most > 0)) return { top: 1, ticks: [0, 1] };
  const unit = 10 ** Math.floor(Math.log10(most));
  const top = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((step) => step * unit >= most) * unit;
  return { top, ticks: [0, top / 2, top] };
}

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
