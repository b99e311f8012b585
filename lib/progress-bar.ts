const width = 30;
const everyMs = 100;

/** A bar on a terminal, a line every tenth elsewhere; `done` redraws it at most ten times a second. */
export function progressBar(total: number, stream: NodeJS.WriteStream): (done: number) => void {
  let drawnAt = 0;
  let tenth = 0;
  return (done) => {
    if (stream.isTTY) {
      const now = performance.now();
      if (done < total && now - drawnAt < everyMs) return;
      drawnAt = now;
      const filled = Math.round((done / total) * width);
      const bar = "█".repeat(filled) + "░".repeat(width - filled);
      stream.write(`\r${bar} ${done}/${total}${done === total ? "\n" : ""}`);
    } else if (Math.floor((done * 10) / total) > tenth) {
      tenth = Math.floor((done * 10) / total);
      stream.write(`${done}/${total}\n`);
    }
  };
}
