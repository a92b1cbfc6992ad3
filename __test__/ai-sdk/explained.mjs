// Which differences of the two providers differences.json explains: each of its entries says in `where` in which scenarios
// (`*` stands for any text) and at which places it is to be seen.

import { readFileSync } from 'node:fs';

/** Entries of differences.json: `{ topic, present, ours, why, where: { scenario: [place] } }`. */
export const EXPLANATIONS = JSON.parse(readFileSync(new URL('differences.json', import.meta.url), 'utf8'));

const PLACES = EXPLANATIONS.flatMap(({ topic, where }) =>
  Object.entries(where).flatMap(([scenario, places]) =>
    places.map((place) => ({ topic, scenario, place, isOfScenario: matcher(scenario), isAtPlace: matcher(place), isSeen: false })),
  ),
);

/** Those of a scenario's differences that nothing explains; what explains the others is noted as seen. */
export function unexplained(scenario, differences) {
  const places = PLACES.filter(({ isOfScenario }) => isOfScenario(scenario));
  return differences.filter(({ at }) => {
    const explaining = places.filter(({ isAtPlace }) => isAtPlace(at));
    for (const place of explaining) place.isSeen = true;
    return explaining.length === 0;
  });
}

/** Places of differences.json at which nothing has differed so far. */
export function stale() {
  return PLACES.filter(({ isSeen }) => !isSeen).map(({ topic, scenario, place }) => `${topic}: ${scenario} @ ${place}`);
}

/** The topics that explain these differences. */
export function topicsOf(scenario, differences) {
  const fits = ({ isOfScenario, isAtPlace }) => isOfScenario(scenario) && differences.some(({ at }) => isAtPlace(at));
  return [...new Set(PLACES.filter(fits).map(({ topic }) => topic))];
}

function matcher(pattern) {
  const source = pattern.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&')).join('.*');
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}
