// What the tests read out of a Markdown document: fenced blocks, links and headings.

/**
 * The fenced blocks: language, code, line of the fence, and the directives of the comments directly above it, such as
 * `<!-- output -->` or `<!-- skip: reason -->`.
 */
export function blocksOf(document) {
  const lines = document.split('\n');
  const blocks = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\S*)$/.exec(lines[at]);
    if (fence === null) continue;
    const end = lines.indexOf('```', at + 1);
    if (end === -1) throw new Error(`The block in line ${at + 1} has no end.`);
    blocks.push({ language: fence[1], line: at + 1, code: lines.slice(at + 1, end).join('\n'), directive: directiveAbove(lines, at) });
    at = end;
  }
  return blocks;
}

function directiveAbove(lines, at) {
  let above = at - 1;
  while (above >= 0 && lines[above] === '') above--;
  const [, name, value] = /^<!-- (\w+)(?:: (.*))? -->$/.exec(lines[above] ?? '') ?? [];
  return name === undefined ? null : { name, value: value ?? '' };
}

/** The targets of the links, code aside. */
export function linksOf(document) {
  return [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
}

/** The anchors of the headings, as GitHub makes them. */
export function anchorsOf(document) {
  const headings = [...prose(document, false).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));
}

/** The rows of the first table below `heading`, as arrays of cells without back-ticks. */
export function tableBelow(document, heading) {
  const rows = document.split(`\n${heading}\n`)[1]?.match(/(?:^\|.*\|\n)+/m)?.[0].trim().split('\n').slice(2) ?? [];
  return rows.map((row) => row.slice(1, -1).split('|').map((cell) => cell.trim().replaceAll('`', '')));
}

function prose(document, withoutInlineCode = true) {
  const text = document.replaceAll(/^```.*?^```$/gms, '');
  return withoutInlineCode ? text.replaceAll(/`[^`\n]*`/g, '') : text;
}
