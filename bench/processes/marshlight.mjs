// What `causeway-sni run --module` is given.
export { module } from '@causeway/testbed/snes-game';
