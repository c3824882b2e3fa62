import { figure } from './results.mjs';

const WIDTH = 860;
const LABEL = 270;
const BAR = 22;
const LINE = 30;
const HEAD = 52;
const ROOM = WIDTH - LABEL - 190;

const STYLE = `
  text { font: 14px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 15px; }
  .quiet { fill: #57606a; font-size: 12px; }
  .back { fill: #ffffff; }
  .bar { fill: #afb8c1; }
  .ours { fill: #1a7f5a; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .quiet { fill: #9198a1; }
    .back { fill: #0d1117; }
    .bar { fill: #6e7681; }
    .ours { fill: #3fb68b; }
  }`;

/**
 * Bars, a panel per comparison, each on a scale of its own that begins at 0. Colours follow the reader's scheme.
 *
 * @param {import('./results.mjs').Panel[]} panels
 * @param {string} footer
 */
export function chart(panels, footer) {
  let y = 12;
  const parts = panels.map((panel) => {
    const top = y;
    y += HEAD + panel.bars.length * LINE + 12;
    return drawPanel(panel, top);
  });
  const height = y + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="CryptoFlow beside its baselines">
<style>${STYLE}
</style>
<rect class="back" width="${WIDTH}" height="${height}" rx="8"/>
${parts.join('\n')}
<text class="quiet" x="20" y="${height - 14}">${escape(footer)}</text>
</svg>
`;
}

/**
 * @param {import('./results.mjs').Panel} panel
 * @param {number} top
 */
function drawPanel({ title, unit, better, bars }, top) {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const lines = bars.map(({ name, value, ours, note }, index) => {
    const y = top + HEAD + index * LINE;
    const width = Math.max(1, (value / most) * ROOM);
    const text = `${figure(value)} ${unit}${note ? `, ${note}` : ''}`;
    return `<text x="${LABEL - 10}" y="${y + 16}" text-anchor="end">${escape(name)}</text>
<rect class="${ours ? 'ours' : 'bar'}" x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"/>
<text x="${(LABEL + width + 8).toFixed(1)}" y="${y + 16}">${escape(text)}</text>`;
  });
  return `<text class="title" x="20" y="${top + 22}">${escape(title)}</text>
<text class="quiet" x="20" y="${top + 40}">${better} is better</text>
${lines.join('\n')}`;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
