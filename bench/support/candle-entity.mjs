import { EntitySchema } from 'typeorm';

const text = (/** @type {string} */ name) => ({ name, type: /** @type {const} */ ('text') });
const key = (/** @type {string} */ name, /** @type {'integer' | 'bigint'} */ type) => ({
  name,
  type,
  primary: true,
});

/** A candle as an entity: the plain way to store and to serve it. @param {'sqlite' | 'postgres'} engine */
export function candleEntity(engine) {
  return new EntitySchema({
    name: 'BenchCandle',
    tableName: 'candle',
    columns: {
      seriesId: key('series_id', 'integer'),
      openTime: key('open_time', engine === 'postgres' ? 'bigint' : 'integer'),
      open: text('open'),
      high: text('high'),
      low: text('low'),
      close: text('close'),
      volume: text('volume'),
    },
  });
}
