/**
 * One line of the table. `ratio` is always value / baseline.
 *
 * @typedef {object} Row
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {string} baseline what it is compared with
 * @property {number | null} baselineValue null where the baseline did not run; `note` says why
 * @property {number | null} ratio
 * @property {string} target
 * @property {boolean | null} met null where there is no target
 * @property {string} [note]
 */

/**
 * @typedef {object} Limits
 * @property {number} [under] of the value
 * @property {number} [atMost] of the value
 * @property {number} [ratioAtMost]
 * @property {number} [ratioAtLeast]
 * @property {number} [baselineAtLeast] the baseline must show the trouble, or the comparison proves nothing
 */

/**
 * @param {{ what: string, value: number, unit: string, baseline: string, baselineValue: number | null,
 *   limits?: Limits, note?: string }} figures
 * @returns {Row}
 */
export function row({ what, value, unit, baseline, baselineValue, limits = {}, note }) {
  const ratio = baselineValue === null || baselineValue === 0 ? null : value / baselineValue;
  const checks = /** @type {Array<[number | undefined, string, (limit: number) => boolean]>} */ ([
    [limits.under, `under ${limits.under} ${unit}`, (limit) => value < limit],
    [
      limits.atMost,
      limits.atMost === 0 ? 'none' : `at most ${limits.atMost} ${unit}`,
      (limit) => value <= limit,
    ],
    [limits.ratioAtMost, `at most ${limits.ratioAtMost} ×`, (limit) => ratio !== null && ratio <= limit],
    [limits.ratioAtLeast, `at least ${limits.ratioAtLeast} ×`, (limit) => ratio !== null && ratio >= limit],
    [
      limits.baselineAtLeast,
      `where the baseline shows ${limits.baselineAtLeast} or more`,
      (limit) => baselineValue !== null && baselineValue >= limit,
    ],
  ]).filter(([limit]) => limit !== undefined);
  return {
    what,
    value,
    unit,
    baseline,
    baselineValue,
    ratio,
    target: checks.map(([, text]) => text).join(', '),
    met:
      checks.length === 0 ? null : checks.every(([limit, , holds]) => holds(/** @type {number} */ (limit))),
    ...(note !== undefined && { note }),
  };
}

/**
 * A comparison for the chart.
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} unit
 * @property {'higher' | 'lower'} better
 * @property {Array<{ name: string, value: number, ours?: boolean, note?: string }>} bars
 */

/**
 * What one bench gives back.
 *
 * @typedef {object} Report
 * @property {Row[]} rows
 * @property {Panel[]} panels
 * @property {string[]} notes
 */

/** A number as people read it. @param {number | null} value */
export function figure(value) {
  if (value === null || Number.isNaN(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}

/** The least and the most of them. @param {number[]} values */
export function range(values) {
  return `${figure(Math.min(...values))}–${figure(Math.max(...values))}`;
}

/** @param {Row} line */
export function cells({ what, value, unit, baseline, baselineValue, ratio, target, met }) {
  return [
    what,
    `${figure(value)} ${unit}`,
    baselineValue === null ? `${baseline}: not run` : `${baseline}: ${figure(baselineValue)}`,
    ratio === null ? '–' : `${figure(ratio)} ×`,
    target || '–',
    met === null ? '' : met ? 'met' : 'MISSED',
  ];
}

export const HEADINGS = ['what', 'CryptoFlow', 'baseline', 'ratio', 'target', ''];
