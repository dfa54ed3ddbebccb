const pids = new Set<number>();

const endAll = (): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
  pids.clear();
};

const endAllAndUs = (): void => {
  endAll();
  process.exit(1);
};

/**
 * A program that must not outlive the process of the test: vitest ends that with SIGTERM while a test that took too long is
 * still waiting, and then nothing disposes of anything. Dispose of it once the program has ended: its number goes to another.
 */
export const endsWithUs = (pid: number | undefined): Disposable => {
  // 0 and below stand for whole groups of processes.
  if (pid === undefined || pid <= 1) throw new RangeError(`${pid} is no process of ours.`);
  if (pids.size === 0) process.on('exit', endAll).on('SIGTERM', endAllAndUs);
  pids.add(pid);
  return {
    [Symbol.dispose]: () => {
      if (pids.delete(pid) && pids.size === 0) process.off('exit', endAll).off('SIGTERM', endAllAndUs);
    },
  };
};
