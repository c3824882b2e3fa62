import { Inject, Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Every figure of ours begins with this; its unit is a base unit: https://prometheus.io/docs/practices/naming */
const PREFIX = 'cryptoflow_';

type Labels<Name extends string> = Readonly<Partial<Record<Name, string | number>>>;

/** A value with its labels. */
export type Sample<Name extends string> = readonly [labels: Labels<Name>, value: number];

/** Makes figures in this process's registry. Names are given without the prefix. */
@Injectable()
export class Instruments {
  constructor(@Inject(Registry) private readonly registry: Registry) {}

  counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return new Counter({ ...this.common(name, help), labelNames });
  }

  /** @param buckets upper bounds, in the unit of the name */
  histogram<Label extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly Label[],
  ): Histogram<Label> {
    return new Histogram({ ...this.common(name, help), buckets: [...buckets], labelNames });
  }

  /** A figure that is read when it is asked for. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void {
    this.gauges(name, help, [], async () => [[{}, await read()]]);
  }

  /** The same with labels; what `read` does not name is gone. */
  gauges<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Iterable<Sample<Label>> | Promise<Iterable<Sample<Label>>>,
  ): void {
    const gauge: Gauge<Label> = new Gauge({
      ...this.common(name, help),
      labelNames,
      collect: async () => {
        const samples = await read();
        gauge.reset();
        for (const [labels, value] of samples) gauge.set(labels as Record<Label, string | number>, value);
      },
    });
  }

  /** Counters that are kept elsewhere, and read when they are asked for. */
  counts<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    read: () => Iterable<Sample<Label>> | Promise<Iterable<Sample<Label>>>,
  ): void {
    const counter: Counter<Label> = new Counter({
      ...this.common(name, help),
      labelNames,
      collect: async () => {
        const samples = await read();
        counter.reset();
        for (const [labels, value] of samples) counter.inc(labels as Record<Label, string | number>, value);
      },
    });
  }

  private common(name: string, help: string) {
    return { name: PREFIX + name, help, registers: [this.registry] };
  }
}
