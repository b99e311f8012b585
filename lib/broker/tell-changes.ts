/** Passes faults on, once while they stay the same. */
export interface FaultTeller {
  tell(fault: unknown): void;
  /** Forgets the last fault: it is over. */
  over(): void;
}

/** An error, whatever was thrown. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Makes a teller for something that is tried again and again: an hour of the same fault is one line. */
export function tellChanges(listener: (error: Error) => void): FaultTeller {
  let told: string | undefined;
  return {
    tell(fault) {
      const error = toError(fault);
      if (error.message === told) return;
      told = error.message;
      listener(error);
    },
    over() {
      told = undefined;
    },
  };
}
