// Loaded into a process under measurement with `--import`: tells what it has used, when asked and when it ends.
process.on('message', (message) => {
  if (message?.kind !== 'usage') return;
  process.send?.({ kind: 'usage', cpuMicros: cpuMicros(), rssBytes: process.memoryUsage.rss() });
});
// Listening alone must not keep the process alive.
process.channel?.unref();

process.on('exit', () => {
  // Kilobytes on every platform.
  process.send?.({ kind: 'spent', cpuMicros: cpuMicros(), peakBytes: process.resourceUsage().maxRSS * 1024 });
});

const cpuMicros = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
