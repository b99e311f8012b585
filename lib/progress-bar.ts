const width = 30;
const everyMs = 100;

/** A bar with the time left on a terminal, a line every tenth elsewhere; `done` redraws it at most ten times a second. */
export function progressBar(total: number, stream: NodeJS.WriteStream): (done: number) => void {
  const startMs = performance.now();
  let drawnAt = 0;
  let tenth = 0;
  return (done) => {
    if (stream.isTTY) {
      const now = performance.now();
      if (done < total && now - drawnAt < everyMs) return;
      drawnAt = now;
      const filled = Math.round((done / total) * width);
      const bar = "█".repeat(filled) + "░".repeat(width - filled);
      const left = leftOf(performance.now() - startMs, done / total);
      stream.write(`\r${bar} ${done}/${total}${left}\u001b[K${done === total ? "\n" : ""}`);
    } else if (Math.floor((done * 10) / total) > tenth) {
      tenth = Math.floor((done * 10) / total);
      stream.write(`${done}/${total}\n`);
    }
  };
}

/** How long the rest takes if it goes on like this; nothing is said of the first second. */
function leftOf(passedMs: number, share: number): string {
  if (passedMs < 1_000 || share <= 0 || share >= 1) return "";
  const seconds = Math.ceil((passedMs * (1 - share)) / share / 1_000);
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `, ${minutes} min ${seconds % 60} s left` : `, ${seconds} s left`;
}
