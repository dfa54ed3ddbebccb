// What `causeway-bizhawk run --module` is given.
export { module } from '@causeway/testbed/game';
