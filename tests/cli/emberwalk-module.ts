/** Stands for a game module of the player's own: what `--module` is given. */
export { module } from '@causeway/testbed/game';
