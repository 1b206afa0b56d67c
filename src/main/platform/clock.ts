/** Time as domains see it; injected so that tests can turn it. */
export type Clock = {
  /** Wall clock. May jump when a person or NTP sets it. */
  readonly now: () => Date;
  /** Milliseconds since an arbitrary start; never goes back while the process runs. */
  readonly monotonicMs: () => number;
};

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
};
