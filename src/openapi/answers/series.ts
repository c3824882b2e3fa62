import { z } from 'zod';
import { named, told } from '../components.js';
import { candle, market, time } from './candle.js';

const count = z.int().min(0);
const id = told(z.int().min(1), 'Number of the series.');
const states = ['active', 'paused', 'delisted'] as const;

const summary = {
  id,
  ...market,
  anchor: told(
    z.int().optional(),
    "How far the exchange's open times lie from the interval's own grid, in milliseconds; left out where they do not.",
  ),
  first: told(time.nullable(), 'Open time of the oldest candle, or null where there is none yet.'),
  last: told(time.nullable(), 'Open time of the newest closed candle.'),
  count: told(count, 'Closed candles that are kept.'),
  lag: told(z.int().min(0).nullable(), 'Milliseconds since the newest closed.'),
  completeness: told(
    z.number().min(0).max(1).nullable(),
    '`count / (count + missing)`; null where nothing should be there.',
  ),
  missing: told(count, 'Candles that should be there and are not.'),
  gaps: told(count, 'In how many stretches those lie.'),
  revisions: told(count, 'How often a candle came with other figures than it had.'),
  quarantined: told(count, 'Rows that are kept and are no candles.'),
  state: told(
    z.enum(states),
    '`active`: collected. `paused`: kept, and left alone. `delisted`: its market is gone.',
  ),
};

export const seriesSummary = named('SeriesSummary', z.object(summary));

export const seriesList = named('SeriesList', z.object({ series: z.array(seriesSummary) }));

const rollupCheck = z.object({
  compared: told(count, 'Candles of which no minute was missing.'),
  different: told(count, 'How many of them differ from what the minutes make.'),
  lastDifference: told(time.nullable(), 'Open time of the newest that differs, or null.'),
  checkedAt: told(time, 'Unix ms.'),
});

export const seriesDetails = named(
  'SeriesDetails',
  z.object({
    ...summary,
    rollupCheck: told(
      rollupCheck.optional(),
      'Of a series that could be made of minutes as well: how the two compare.',
    ),
  }),
);

const span = named(
  'CoverageSpan',
  z.object({
    from: told(time, 'First open time.'),
    to: told(time, 'Open times from here on are left out.'),
    state: told(
      z.enum(['have', 'missing', 'empty', 'unlisted', 'delisted']),
      '`missing`: the exchange did not send them. `empty`: nothing was traded. `unlisted`, `delisted`: there was no market.',
    ),
    asked: told(count.optional(), 'How often it was asked for.'),
    askedAt: told(time.optional(), 'When it was last asked for.'),
  }),
);

export const seriesCoverage = named(
  'SeriesCoverage',
  z.object({
    ...summary,
    coverage: told(z.array(span), 'Ascending. A stretch that is not listed was not asked for yet.'),
  }),
);

export const revisionPage = named(
  'RevisionPage',
  z.object({
    id,
    ...market,
    total: told(count, 'Revisions in all.'),
    revisions: told(
      z.array(z.object({ revisedAt: told(time, 'When the other figures came.'), former: candle })),
      'What closed candles said before, the latest change first.',
    ),
    next: told(z.string().nullable(), '`before` of the next page; null when there is no more.'),
  }),
);

export const quarantinePage = named(
  'QuarantinePage',
  z.object({
    id,
    ...market,
    quarantined: told(count, 'Rows that are kept.'),
    rejections: told(count, 'Rows in all, those that are not kept included.'),
    rows: told(
      z.array(
        z.object({
          id: told(z.int(), 'Number of the row.'),
          openTime: told(time.nullable(), 'Null where none can be read.'),
          reason: told(z.string(), 'Why it is no candle.'),
          payload: told(z.string(), 'The row as it was sent, cut after 500 characters.'),
          firstSeen: told(time, 'When it came first.'),
          lastSeen: told(time, 'When it came last.'),
          times: told(z.int(), 'How often it came.'),
          resolved: told(z.boolean(), 'Whether a candle of that time has come since.'),
        }),
      ),
      'Newest first.',
    ),
    next: told(z.int().nullable(), '`before` of the next page; null when there is no more.'),
  }),
);

export const deletedSeries = named('DeletedSeries', z.object({ id, deleted: z.literal(true) }));
