// The last hour: sums, and plots of each model.

import { chart } from './chart.js';
import { byId, compact, duration, element } from './dom.js';

const sum = (list) => list.reduce((total, one) => total + one, 0);
const all = (models, name) => sum(models.map((model) => sum(model[name])));

export function show({ past, inFlight, dropped }) {
  tiles(past.models, inFlight, sum(Object.values(dropped)));
  const models = past.models.toSorted((one, other) => sum(other.requests) - sum(one.requests));
  byId('no-charts').hidden = models.length > 0;
  byId('charts').replaceChildren(...models.map((model) => card(model, past.minute)));
  draw(models, past.minute);
}

function tiles(models, inFlight, dropped) {
  const requests = all(models, 'requests');
  const failed = all(models, 'failed');
  const share = requests === 0 ? '–' : `${((100 * failed) / requests).toFixed(failed === 0 ? 0 : 1)} %`;
  const shown = [
    ['Requests', compact(requests)],
    ['In flight', compact(inFlight)],
    ['Failed', share, failed > 0 && 'bad'],
    ['Tokens in', compact(all(models, 'input_tokens'))],
    ['Tokens out', compact(all(models, 'output_tokens'))],
    ...(dropped > 0 ? [['Not logged', compact(dropped), 'bad']] : []),
  ];
  byId('tiles').replaceChildren(...shown.map(([name, value, kind]) =>
    element('div', { class: 'tile' }, element('span', {}, name), element('strong', { class: kind || undefined }, value))));
}

function card(model) {
  const failed = sum(model.failed);
  return element(
    'article', { class: 'card' },
    element(
      'h3', {}, model.model,
      element('small', {}, `${compact(sum(model.requests))} requests`),
      failed > 0 && element('small', { class: 'bad' }, `${compact(failed)} failed`),
    ),
    element('div', { class: 'plots' }),
  );
}

/** Plots want to know how wide they are, so they are drawn when their places are there. */
function draw(models, minute) {
  const places = [...document.querySelectorAll('#charts .plots')];
  const columns = getComputedStyle(places[0] ?? document.body).gridTemplateColumns.split(' ').length;
  const gap = 16;
  places.forEach((place, index) => {
    const width = Math.max(200, Math.floor((place.clientWidth - gap * (columns - 1)) / columns));
    place.replaceChildren(...plots(models[index], minute).map((plot) => chart(plot, width)));
  });
}

function plots(model, minute) {
  const line = (name, kind, values) => ({ name, kind: 'line', class: kind, values });
  const perSecond = (values) => values.map((value) => value / 60);
  return [
    {
      title: 'First content', minute, format: duration,
      series: [line('p50', 'one', model.first_content_p50), line('p95', 'two', model.first_content_p95)],
    },
    {
      title: 'Duration', minute, format: duration,
      series: [line('p50', 'one', model.duration_p50), line('p95', 'two', model.duration_p95)],
    },
    {
      title: 'Requests a minute', minute, format: compact,
      series: [
        { name: 'all', kind: 'bar', class: 'one', values: model.requests },
        { name: 'failed', kind: 'bar', class: 'three', values: model.failed },
      ],
    },
    {
      title: 'Tokens a second', minute, format: compact,
      series: [
        { name: 'out', kind: 'area', class: 'one', values: perSecond(model.output_tokens) },
        { name: 'in', kind: 'line', class: 'two', values: perSecond(model.input_tokens) },
      ],
    },
  ];
}
