/** Names of Dolphin and of its forks. Only a hint where to look: wrappers, packages and forks call it what they like. */
export const DOLPHIN_LIKE = /dolphin|primehack|slippi|ishiiruka/i;
/** Programs that look into Dolphin, or handle its files, ours included. */
const OTHERS = /memory|tool|causeway/i;

/** Whether the name of a process, or of its program, makes one think of a Dolphin that runs games. */
export const isDolphinName = (name: string): boolean => DOLPHIN_LIKE.test(name) && !OTHERS.test(name);

/** Why none was found where only processes of one name are looked at. */
export const noneCalled = (wanted: string): { readonly message: string; readonly fix: string } => ({
  message: `No Dolphin runs that is called ${wanted}, the name in the variable DME_DOLPHIN_PROCESS_NAME.`,
  fix: 'Start the game in Dolphin. If it runs already, remove the variable: Dolphin is found without it, whatever it is called.',
});

/** The user folder among the words of a command line. */
export const userFolderIn = (argv: readonly string[]): string | undefined => {
  const at = argv.findIndex((word) => word === '-u' || word === '--user');
  const folder = at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith('--user='))?.slice('--user='.length);
  return folder || undefined;
};
