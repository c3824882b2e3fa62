/**
 * Noise that is the same in every process and on every machine: integer hashing and the four operations that IEEE 754
 * rounds exactly. `Math.exp`, `Math.sin` and `Math.pow` may differ between engines in the last bit, so none is used.
 */

/** A well-mixed 32-bit hash of two integers (the finalizer of MurmurHash3), as a fraction in [0, 1). */
export function hashFraction(seed: number, index: number): number {
  let h = Math.imul(seed, 0x9e3779b1) ^ Math.imul(index, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

/** Value noise with one period: random values on a lattice, smoothly joined. Fast when asked in order of time. */
class Octave {
  private readonly scale: number;
  private readonly offset: number;
  private start = NaN;
  private end = NaN;
  private left = 0;
  private rise = 0;

  constructor(
    private readonly seed: number,
    private readonly period: number,
    private readonly amplitude: number,
  ) {
    this.scale = 1 / period;
    this.offset = Math.floor(hashFraction(seed, -1) * period);
  }

  at(time: number): number {
    if (!(time >= this.start && time < this.end)) this.seek(time);
    const x = (time - this.start) * this.scale;
    return this.left + this.rise * (x * x * (3 - 2 * x));
  }

  private seek(time: number): void {
    const index = Math.floor((time - this.offset) / this.period);
    this.start = index * this.period + this.offset;
    this.end = this.start + this.period;
    this.left = this.lattice(index);
    this.rise = this.lattice(index + 1) - this.left;
  }

  private lattice(index: number): number {
    return (2 * hashFraction(this.seed, index) - 1) * this.amplitude;
  }
}

/** `value` multiplied `times` times by `factor`: `**` is not rounded alike everywhere. */
export function multiplied(value: number, factor: number, times: number): number {
  let result = value;
  for (let i = 0; i < times; i += 1) result *= factor;
  return result;
}

/**
 * Continuous fractal noise: octaves whose amplitude falls with the square root of their period, as a random walk's does.
 * A pure function of time; the object only remembers which lattice cells it looked at last.
 */
export class FractalNoise {
  private readonly octaves: readonly Octave[];

  /**
   * @param longest the longest period, milliseconds
   * @param count how many octaves, each with half the period of the one before
   * @param amplitude of the longest octave
   */
  constructor(seed: number, longest: number, count: number, amplitude: number) {
    this.octaves = Array.from({ length: count }, (_, step) => {
      const period = Math.floor(multiplied(longest, 0.5, step));
      return new Octave(seed * 64 + step, period, multiplied(amplitude, Math.SQRT1_2, step));
    });
  }

  at(time: number): number {
    let sum = 0;
    for (const octave of this.octaves) sum += octave.at(time);
    return sum;
  }
}

/** e^x for |x| < 4 to one part in 10^6, from exactly rounded operations only. */
export function growth(x: number): number {
  const y = x / 64;
  let z = 1 + y * (1 + y * (1 / 2 + y * (1 / 6 + y / 24)));
  for (let i = 0; i < 6; i += 1) z *= z;
  return z;
}
