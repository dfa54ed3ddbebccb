#!/usr/bin/env node
// Behaves as its DOLPHIN_MANNER says: as Dolphin does when all is well, or when something is not.
const manner = process.env.DOLPHIN_MANNER ?? 'well';
const manners = {
  well: () => process.on('SIGTERM', () => process.exit(0)),
  // Writes memory cards first.
  slow: () =>
    process.on('SIGTERM', () =>
      setTimeout(() => {
        process.stdout.write('saved\n');
        process.exit(0);
      }, 300),
    ),
  stubborn: () => process.on('SIGTERM', () => {}),
  crash: () => process.exit(139),
  display: () => {
    process.stderr.write('qt.qpa.xcb: could not connect to display\n');
    process.exitCode = 134;
  },
  chatty: () => {
    for (let line = 0; line < 5000; line++) process.stdout.write(`FPS: 60 - VPS: 60 - 100% ${line}\n`);
    process.on('SIGTERM', () => process.exit(0));
  },
};
manners[manner]();
if (process.exitCode === undefined) {
  setInterval(() => {}, 1000);
  process.stdout.write(`up ${JSON.stringify(process.argv.slice(2))}\n`);
}
