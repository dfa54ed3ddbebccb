/** Names of Dolphin and of its forks. Only a hint where to look: wrappers, packages and forks call it what they like. */
export const DOLPHIN_LIKE = /dolphin|primehack|slippi|ishiiruka/i;
/** Programs that look into Dolphin, or handle its files, ours included. */
const OTHERS = /memory|tool|causeway/i;

/** Whether the name of a process, or of its program, makes one think of a Dolphin that runs games. */
export const isDolphinName = (name: string): boolean => DOLPHIN_LIKE.test(name) && !OTHERS.test(name);

/** The user folder among the words of a command line. */
export const userFolderIn = (argv: readonly string[]): string | undefined => {
  const at = argv.findIndex((word) => word === '-u' || word === '--user');
  const folder = at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith('--user='))?.slice('--user='.length);
  return folder || undefined;
};
