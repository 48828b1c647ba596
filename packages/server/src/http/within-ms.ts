/** What `work` gives, or a rejection with `late()` when it takes longer; it goes on, and nobody waits for it. */
export function withinMs<T>(ms: number, work: Promise<T>, late: () => Error): Promise<T> {
  // Not Promise.race: for a body that is here already, that is more than reading it.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late()), ms);
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}
