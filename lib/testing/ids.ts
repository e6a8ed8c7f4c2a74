import { createHash } from 'node:crypto';

/** What is random in a real event, and here the same for the same seed. */
export class Ids {
  readonly #seed: string;
  #count = 0;

  constructor(...seed: readonly (string | number)[]) {
    this.#seed = seed.join('/');
  }

  hex(length: number): string {
    let digits = '';
    while (digits.length < length) {
      digits += createHash('sha256').update(`${this.#seed}/${this.#count++}`).digest('hex');
    }
    return digits.slice(0, length);
  }

  /** A UUID of version 4. */
  uuid(): string {
    const hex = this.hex(32);
    const variant = '89ab'[parseInt(hex[16]!, 16) % 4]!;
    const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, variant + hex.slice(17, 20)];
    return [...groups, hex.slice(20)].join('-');
  }

  base64(bytes: number): string {
    return Buffer.from(this.hex(2 * bytes), 'hex').toString('base64');
  }

  /** A decimal number of that many digits which starts with a prefix, and can be counted up from a billion times. */
  sequenceStart(length: number, prefix: string): bigint {
    const random = BigInt(`0x${this.hex(length)}`)
      .toString()
      .slice(0, length - prefix.length - 9);
    return BigInt(`${prefix}${random}`.padEnd(length, '0'));
  }
}
