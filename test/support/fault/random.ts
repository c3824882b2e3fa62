/** Numbers that look random and are the same for the same seed, so that a run can be repeated. */
export class Random {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** Takes the seed from `CRYPTOFLOW_FAULT_SEED`, or makes one, and prints it. */
  static forTest(name: string): Random {
    const given = process.env['CRYPTOFLOW_FAULT_SEED'];
    const random = new Random(given ? Number(given) : Date.now() % 0xffff_ffff);
    console.log(`${name}: CRYPTOFLOW_FAULT_SEED=${random.seed}`);
    return random;
  }

  /** From 0 up to but not including 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)]!;
  }
}
