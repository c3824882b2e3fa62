/** Which exchanges there are, for a process that may have none of their clients. */
export abstract class ExchangeNames {
  /** @param id as in `CRYPTOFLOW_MARKETS` */
  abstract has(id: string): boolean;
}
